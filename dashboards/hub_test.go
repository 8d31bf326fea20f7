package dashboards_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"skimwatch/dashboards"
)

// TestCoalesce sends 100 alerts a second for ten seconds: the browser gets four messages a second, which name them all.
func TestCoalesce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := make(chan dashboards.Signal)
		var at []time.Duration
		var alerts int
		start := time.Now()
		done := make(chan error)
		go func() {
			done <- dashboards.Coalesce(t.Context(), in, 250*time.Millisecond, func(b dashboards.Batch) error {
				at = append(at, time.Since(start))
				alerts += b.Alerts
				return nil
			})
		}()
		for range 1000 {
			in <- dashboards.Signal{Kind: dashboards.Alerted, ID: "a"}
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Second)
		close(in)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if alerts != 1000 {
			t.Errorf("%d of 1000 alerts were told", alerts)
		}
		if len(at) > 41 || len(at) < 39 {
			t.Errorf("%d messages in ten seconds, want 40", len(at))
		}
		if at[0] != 0 {
			t.Errorf("the first message waited %s", at[0])
		}
		for i := 1; i < len(at); i++ {
			if at[i]-at[i-1] < 250*time.Millisecond {
				t.Errorf("messages %d and %d are %s apart", i-1, i, at[i]-at[i-1])
			}
		}
	})
}

func TestCoalesceNamesEachEpisodeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := make(chan dashboards.Signal, 10)
		var got [][]string
		done := make(chan error)
		go func() {
			done <- dashboards.Coalesce(t.Context(), in, 250*time.Millisecond, func(b dashboards.Batch) error {
				got = append(got, b.Changed)
				return nil
			})
		}()
		for _, id := range []string{"x", "y", "y", "z", "y"} {
			in <- dashboards.Signal{Kind: dashboards.Changed, ID: id}
			synctest.Wait()
		}
		time.Sleep(time.Second)
		close(in)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || !slices.Equal(got[0], []string{"x"}) || !slices.Equal(got[1], []string{"y", "z"}) {
			t.Errorf("told %v", got)
		}
	})
}

func TestCoalesceStops(t *testing.T) {
	broken := errors.New("gone")
	in := make(chan dashboards.Signal, 1)
	in <- dashboards.Signal{Kind: dashboards.Alerted}
	if err := dashboards.Coalesce(t.Context(), in, time.Second, func(dashboards.Batch) error { return broken }); err != broken {
		t.Errorf("a write error ends it with %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := dashboards.Coalesce(ctx, in, time.Second, nil); err != nil {
		t.Errorf("the end of the request ends it with %v", err)
	}
}

// TestSlowBrowserIsDropped fills one subscriber's buffer while another keeps up.
func TestSlowBrowserIsDropped(t *testing.T) {
	h := dashboards.NewHub()
	slow, leave := h.Subscribe()
	defer leave()
	quick, leaveQuick := h.Subscribe()
	defer leaveQuick()
	for range 1000 {
		h.Publish(dashboards.Signal{Kind: dashboards.Alerted})
		if _, ok := <-quick; !ok {
			t.Fatal("the quick one was dropped")
		}
	}
	n := 0
	for range slow {
		n++
	}
	if n == 0 || n >= 1000 {
		t.Errorf("the slow one got %d signals before it was dropped", n)
	}
	h.Close()
	if _, ok := <-quick; ok {
		t.Error("closing the hub leaves a subscriber open")
	}
	if ch, _ := h.Subscribe(); ch != nil {
		if _, ok := <-ch; ok {
			t.Error("a closed hub takes subscribers")
		}
	}
}
