package stage

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/wire"
)

// see holds a clock to what it says of an event, and to its watermark afterwards, in minutes after noon.
func see(t *testing.T, c *Clock) func(minutes float64, card, machine string, want atm.Flags, watermark float64) {
	return func(minutes float64, card, machine string, want atm.Flags, watermark float64) {
		t.Helper()
		tx := at("x", minutes, card, machine)
		if got := c.See(&tx); got != want {
			t.Fatalf("flags %v, want %v", got.Strings(), want.Strings())
		}
		if got := float64(c.Watermark()-noon) / float64(atm.Minute); got < watermark-1e-6 || got > watermark+1e-6 {
			t.Fatalf("watermark at %v min, want %v", got, watermark)
		}
	}
}

const (
	day   = 24 * 60.0 // minutes
	never = -float64(noon / atm.Minute)
)

func TestClockStartsWhenTwoAgree(t *testing.T) {
	f := see(t, new(Clock))
	f(0, "c", "A", 0, never)
	f(1, "c", "B", 0, never) // the same card
	f(2, "d", "B", 0, never) // the same ATM as the event before
	f(3, "e", "A", 0, 2-5)
	f(4, "e", "A", 0, 4-5)
}

func TestClockLate(t *testing.T) {
	var c Clock
	f := see(t, &c)
	f(0, "c", "A", 0, never)
	f(0, "d", "B", 0, -5)
	f(10, "c", "A", 0, 5)
	f(7, "c", "A", 0, 5) // out of order, in time
	f(5, "c", "A", 0, 5) // on the watermark
	f(5-1e-4, "c", "A", atm.Late, 5)
	f(-day*300, "c", "A", atm.Late, 5)
	f(10+day, "c", "A", 0, 5+day) // as far ahead as is believed alone
}

// A first event with a wrong clock must not make the world late or early.
func TestClockSurvivesAWrongStart(t *testing.T) {
	f := see(t, new(Clock))
	f(900*day, "c", "A", 0, never)
	f(0, "d", "B", 0, never)
	f(1, "e", "C", 0, 0-5)
	f(2, "d", "B", 0, 2-5)

	f = see(t, new(Clock))
	f(-900*day, "c", "A", 0, never)
	f(0, "d", "B", 0, never)
	f(1, "e", "C", 0, 0-5)
}

func TestClockBelievesAFutureThatIsConfirmed(t *testing.T) {
	var c Clock
	f := see(t, &c)
	f(0, "c", "A", 0, never)
	f(0, "d", "B", 0, -5)
	// one terminal alone, however often and with whatever cards
	for i := range 20 {
		f(30*day+float64(i), fmt.Sprintf("card%d", i), "W", atm.Future, -5)
	}
	f(30*day, "w", "W", atm.Future, -5)
	// one card alone, at whatever terminals
	for i := range 20 {
		f(30*day+float64(i), "w", fmt.Sprintf("ATM%d", i), atm.Future, -5)
	}
	// the world goes on in between
	f(1, "c", "A", 0, -4)
	// another card at another ATM, but at another time
	f(40*day, "x", "X", atm.Future, -4)
	f(42*day, "y", "Y", atm.Future, -4)
	// confirmed: the clock goes to the earlier of the two
	f(42*day+9, "z", "Z", 0, 42*day-5)
	f(1, "c", "A", atm.Late, 42*day-5)
}

func TestClockNeverGoesBack(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var c Clock
		now, last := 0.0, atm.Time(0)
		for i := range 2000 {
			now += r.Float64() * 10
			minutes := now + r.NormFloat64()*[]float64{1, 60, day, 30 * day}[r.IntN(4)]
			tx := at("x", minutes, fmt.Sprint(r.IntN(4)), fmt.Sprint(r.IntN(4)))
			flags := c.See(&tx)
			w := c.Watermark()
			if w < last {
				t.Fatalf("seed %d event %d: the watermark goes from %v back to %v", seed, i, last, w)
			}
			if late := last > 0 && tx.Time < last; late != (flags == atm.Late) {
				t.Fatalf("seed %d event %d at %v is %v, the watermark is %v", seed, i, tx.Time, flags.Strings(), last)
			}
			if flags == atm.Future && w != last {
				t.Fatalf("seed %d event %d: one that is not believed moves the watermark", seed, i)
			}
			last = w
			// a clock that was written and read goes on as before
			if r.IntN(9) == 0 {
				var back Clock
				src := wire.NewReader(c.append(nil))
				if back.read(src); src.End() != nil || back != c {
					t.Fatalf("%+v is read back as %+v, %v", c, back, src.End())
				}
			}
		}
	}
}
