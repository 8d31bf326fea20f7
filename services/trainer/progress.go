package trainer

import (
	"fmt"
	"io"
	"sync"

	"skimwatch/services/internal/daemon"
)

// progress writes how far the work is: on a terminal one line per stage that counts up, elsewhere one line at its end.
type progress struct {
	mu       sync.Mutex
	to       io.Writer
	terminal bool
	most     map[string]int
}

func newProgress(to io.Writer) *progress {
	return &progress{to: to, terminal: daemon.Terminal(to), most: map[string]int{}}
}

// tell is safe from several goroutines, which may call it out of order.
func (p *progress) tell(stage string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if before, seen := p.most[stage]; seen && done <= before {
		return
	}
	p.most[stage] = done
	switch {
	case done == total && p.terminal:
		fmt.Fprintf(p.to, "\r%s: done\033[K\n", stage)
	case done == total:
		fmt.Fprintf(p.to, "%s: done\n", stage)
	case p.terminal:
		fmt.Fprintf(p.to, "\r%s: %d %%\033[K", stage, done*100/total)
	}
}

func (p *progress) warn(message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintln(p.to, "warning: "+message)
}
