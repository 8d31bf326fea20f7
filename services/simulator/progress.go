package simulator

import (
	"fmt"
	"io"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
)

// progress tells a person how far a run is: a line that renews itself on a terminal, a line every ten seconds elsewhere.
type progress struct {
	to       io.Writer
	terminal bool
	every    time.Duration
	start    time.Time
	told     time.Time
	first    atm.Time // of the world
	span     atm.Time // of the world, 0: endless
	at       atm.Time // newest delivery time
	n        int64
	frauds   int64
	quiet    bool
}

func newProgress(to io.Writer, first atm.Time, days int, quiet bool) *progress {
	p := &progress{to: to, terminal: daemon.Terminal(to), every: 10 * time.Second, start: time.Now(), first: first, at: first, span: atm.Time(days) * atm.Day, quiet: quiet}
	if p.terminal {
		p.every = 500 * time.Millisecond
	}
	p.told = p.start
	return p
}

// note counts one delivery; it looks at the clock only now and then.
func (p *progress) note(at atm.Time, frauds int) {
	p.n, p.frauds, p.at = p.n+1, p.frauds+int64(frauds), at
	if p.n&0x3ff == 0 {
		p.tick()
	}
}

// set takes the figures from a run that counts by itself.
func (p *progress) set(n, frauds int64, at atm.Time) {
	p.n, p.frauds, p.at = n, frauds, max(at, p.first)
	p.tick()
}

func (p *progress) tick() {
	if now := time.Now(); !p.quiet && now.Sub(p.told) >= p.every {
		p.told = now
		p.say(p.line(now))
	}
}

func (p *progress) say(line string) {
	if p.terminal {
		fmt.Fprintf(p.to, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.to, line)
}

// line is the state of the run in words.
func (p *progress) line(now time.Time) string {
	took := now.Sub(p.start)
	s := fmt.Sprintf("%d transactions, %d of them fraud, up to %s, %.0f/s", p.n, p.frauds, p.at.Std().Format(time.RFC3339), float64(p.n)/max(took.Seconds(), 1e-3))
	if done := p.at - p.first; p.span > 0 && done > 0 && done < p.span {
		left := time.Duration(float64(took) * float64(p.span-done) / float64(done))
		s += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return s
}

// end tells the result.
func (p *progress) end() {
	p.span = 0
	if !p.quiet {
		p.say(p.line(time.Now()))
		if p.terminal {
			fmt.Fprintln(p.to)
		}
	}
}
