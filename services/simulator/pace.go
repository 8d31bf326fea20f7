package simulator

import (
	"fmt"
	"math"
	"time"

	"skimwatch/engine/atm"
)

// Pace says when the deliveries of a world are due. At most one of its fields is set; with neither, everything is due at
// once.
type Pace struct {
	Speed float64 // seconds of delivery time per second of processing time
	Rate  float64 // deliveries per second
}

// Check says which figure is not a pace.
func (p Pace) Check() error {
	bad := func(f float64) bool { return f < 0 || math.IsNaN(f) || math.IsInf(f, 0) }
	switch {
	case bad(p.Speed):
		return fmt.Errorf("speed %v is not a positive number", p.Speed)
	case bad(p.Rate):
		return fmt.Errorf("rate %v is not a positive number", p.Rate)
	case p.Speed > 0 && p.Rate > 0:
		return fmt.Errorf("rate %v and speed %v are both given: choose one", p.Rate, p.Speed)
	}
	return nil
}

// Paced reports whether deliveries wait for their time at all.
func (p Pace) Paced() bool { return p.Speed > 0 || p.Rate > 0 }

// clock turns deliveries into due times, counted from the first one. Errors do not add up: each due time is computed from
// the start.
type clock struct {
	Pace
	start time.Time // processing time of the first delivery
	first atm.Time  // its delivery time
	n     int64     // deliveries asked for so far
}

// due returns when the next delivery, whose delivery time is at, is due. Call it once per delivery, in order.
func (c *clock) due(at atm.Time, now time.Time) time.Time {
	if c.n == 0 {
		c.start, c.first = now, at
	}
	c.n++
	switch {
	case c.Speed > 0:
		return c.start.Add(time.Duration(float64((at - c.first).Duration()) / c.Speed))
	case c.Rate > 0:
		return c.start.Add(time.Duration(float64(c.n-1) / c.Rate * float64(time.Second)))
	}
	return now
}

// sleep waits for d and reports whether it did so to the end; done ends it early.
func sleep(done <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return false
	case <-t.C:
		return true
	}
}
