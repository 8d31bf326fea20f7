package demo

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"skimwatch/services/internal/daemon"
)

// console tells a person what is going on: a line per finished stage, and on a terminal one line that is written over.
type console struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	name     string // of the stage that runs, empty for none
	began    time.Time
	shown    time.Time
	open     bool // the last line may be written over
}

func newConsole(w io.Writer) *console {
	return &console{w: w, terminal: daemon.Terminal(w)}
}

// progress shows how far a stage is. A stage that is another than the one before ends that.
func (c *console) progress(name string, done, total int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name != c.name {
		c.finish()
		c.name, c.began, c.shown = name, time.Now(), time.Now()
	}
	if !c.terminal || total == 0 || time.Since(c.shown) < 100*time.Millisecond {
		return
	}
	c.shown = time.Now()
	const width = 24
	filled := int(width * done / total)
	c.over(fmt.Sprintf("  %-34s %s%s %3d %%", name, strings.Repeat("█", filled), strings.Repeat("░", width-filled), 100*done/total))
}

// stage begins a stage whose length is not known.
func (c *console) stage(name string) { c.progress(name, 0, 0) }

// done ends the stage that runs and tells a result.
func (c *console) done(result string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finish()
	fmt.Fprintf(c.w, "✓ %s\n", result)
}

// finish tells that the stage that runs is over.
func (c *console) finish() {
	if c.name == "" {
		c.clear()
		return
	}
	line := fmt.Sprintf("✓ %-36s %6.1f s", c.name, time.Since(c.began).Seconds())
	c.clear()
	fmt.Fprintln(c.w, line)
	c.name = ""
}

// status shows a line about the running system: written over on a terminal, else one every ten seconds.
func (c *console) status(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.terminal {
		c.over(line)
		return
	}
	if time.Since(c.shown) < 10*time.Second {
		return
	}
	c.shown = time.Now()
	fmt.Fprintln(c.w, line)
}

func (c *console) over(line string) {
	fmt.Fprintf(c.w, "\r\x1b[K%s", line)
	c.open = true
}

func (c *console) clear() {
	if c.open {
		fmt.Fprint(c.w, "\r\x1b[K")
		c.open = false
	}
}
