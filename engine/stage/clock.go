package stage

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/window"
	"skimwatch/engine/wire"
)

// How event time is judged.
const (
	// Disorder is how far behind the newest event another may come and still be on time.
	Disorder = 5 * atm.Minute
	// Ahead is how far beyond the newest event another may be and be believed alone.
	Ahead = atm.Day
)

// Clock is the event-time clock of one partition. Its watermark never goes back. An event more than Ahead beyond the clock
// does not move it until an event of another card at another ATM is as far ahead: one terminal with a wrong clock must not
// make the rest of the world late.
type Clock struct {
	newest  atm.Time
	started bool
	pending atm.Time // time of the event that waits to be confirmed; 0 is none
	card    uint64   // its card and ATM
	machine uint64
}

// Watermark returns the event time before which nothing more is expected, zero at the start.
func (c *Clock) Watermark() atm.Time {
	if !c.started {
		return 0
	}
	return c.newest - Disorder
}

// See moves the clock by one transaction and says whether that was late or too far ahead to be believed.
func (c *Clock) See(t *atm.Transaction) atm.Flags {
	switch {
	case c.started && t.Time < c.Watermark():
		return atm.Late
	case c.started && t.Time <= c.newest+Ahead:
		c.newest = max(c.newest, t.Time)
		return 0
	}
	card, machine := window.Hash(t.Card), window.Hash(t.ATM)
	if c.pending != 0 && card != c.card && machine != c.machine && t.Time <= c.pending+Ahead && c.pending <= t.Time+Ahead {
		c.newest, c.started, c.pending = min(t.Time, c.pending), true, 0
		c.newest = max(c.newest, t.Time-Ahead)
		return 0
	}
	c.pending, c.card, c.machine = t.Time, card, machine
	if !c.started {
		return 0
	}
	return atm.Future
}

func (c *Clock) append(b []byte) []byte {
	started := uint64(0)
	if c.started {
		started = 1
	}
	b = wire.Int(wire.Int(wire.Uint(b, started), int64(c.newest)), int64(c.pending))
	return wire.Fixed(wire.Fixed(b, c.card), c.machine)
}

func (c *Clock) read(r *wire.Reader) {
	*c = Clock{started: r.Uint() == 1, newest: atm.Time(r.Int()), pending: atm.Time(r.Int()), card: r.Fixed(), machine: r.Fixed()}
}
