package simulator

import (
	"context"
	"log/slog"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

func TestClock(t *testing.T) {
	now := time.Unix(1000, 0)
	f := func(p Pace, want time.Duration, at ...atm.Time) {
		t.Helper()
		c, due := clock{Pace: p}, time.Time{}
		for i, a := range at {
			due = c.due(a, now.Add(time.Duration(i)*time.Hour))
		}
		if got := due.Sub(now); got != want {
			t.Errorf("%+v: due after %s, want %s", p, got, want)
		}
	}
	f(Pace{Speed: 60}, 0, 5*atm.Hour)
	f(Pace{Speed: 60}, 2*time.Minute, 5*atm.Hour, 6*atm.Hour, 7*atm.Hour)
	f(Pace{Rate: 4}, 500*time.Millisecond, 5*atm.Hour, 6*atm.Hour, 7*atm.Hour)
	f(Pace{}, 2*time.Hour, 5*atm.Hour, 6*atm.Hour, 7*atm.Hour) // at once, whenever that is
}

func TestPaceCheck(t *testing.T) {
	f := func(p Pace, ok bool) {
		t.Helper()
		if err := p.Check(); (err == nil) != ok {
			t.Errorf("%+v: %v", p, err)
		}
	}
	f(Pace{}, true)
	f(Pace{Speed: 600}, true)
	f(Pace{Speed: -1}, false)
	f(Pace{Rate: math.NaN()}, false)
	f(Pace{Rate: math.Inf(1)}, false)
	f(Pace{Rate: 1, Speed: 1}, false)
}

// timed is a log that takes a while for each batch and keeps nothing; around it time moves only by that.
type timed struct {
	parts int
	takes time.Duration
}

func (l *timed) Produce(context.Context, string, int, []kafka.Record) (int64, error) {
	time.Sleep(l.takes)
	return 0, nil
}

func (l *timed) Offsets(context.Context, string) (first, end []int64, err error) {
	return make([]int64, l.parts), make([]int64, l.parts), nil
}

func (l *timed) ReadTo(context.Context, string, int, int64, int64, func([]kafka.Record) error) error {
	return nil
}

func TestARunHoldsItsRate(t *testing.T) {
	f := func(rate float64, takes, length time.Duration) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			w, err := simulator.New(simulator.Config{Cards: 500, ATMs: 20})
			if err != nil {
				t.Fatal(err)
			}
			l := &Live{World: w, Log: &timed{4, takes}, Pace: Pace{Rate: rate}, Tell: slog.New(slog.DiscardHandler)}
			ctx, cancel := context.WithTimeout(t.Context(), length)
			defer cancel()
			if err := l.Run(ctx); err != nil {
				t.Fatal(err)
			}
			if want := rate * length.Seconds(); math.Abs(float64(l.Transactions())-want) > want/100 {
				t.Errorf("%d transactions in %s at a rate of %g", l.Transactions(), length, rate)
			}
			if l.Behind() > 50*time.Millisecond {
				t.Errorf("behind by %s", l.Behind())
			}
		})
	}
	f(2000, 2*time.Millisecond, 30*time.Second)
	f(20000, 3*time.Millisecond, 10*time.Second)
	f(7, 3*time.Millisecond, 3*time.Minute)
}

func TestARunThatFallsBehindSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := simulator.New(simulator.Config{Cards: 5000, ATMs: 20})
		if err != nil {
			t.Fatal(err)
		}
		told := &lines{}
		l := &Live{World: w, Log: &timed{4, 10 * time.Second}, Pace: Pace{Speed: 600}, Tell: slog.New(slog.NewTextHandler(told, nil))}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := l.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if l.Behind() < 5*time.Second || !told.has("behind") {
			t.Errorf("behind by %s; told %q", l.Behind(), told.text)
		}
	})
}
