package dashboards_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

type outbox struct{ rows []dashboards.Outgoing }

func (o *outbox) Due(_ context.Context, _ atm.Time, limit int) ([]dashboards.Outgoing, error) {
	return slices.Clone(o.rows[:min(limit, len(o.rows))]), nil
}

func (o *outbox) Sent(_ context.Context, numbers []int64) error {
	o.rows = slices.DeleteFunc(o.rows, func(r dashboards.Outgoing) bool { return slices.Contains(numbers, r.Number) })
	return nil
}

// TestRelayKeepsWhatItCannotPublish lets the broker be away for a while: every label arrives, in order.
func TestRelayKeepsWhatItCannotPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &outbox{}
		for i := range 1200 {
			box.rows = append(box.rows, dashboards.Outgoing{Number: int64(i), Label: atm.Label{Transaction: string(rune('a' + i%26)), Source: atm.Analyst}})
		}
		start := time.Now()
		var got []atm.Label
		r := &dashboards.Relay{Outbox: box, Log: slog.New(slog.DiscardHandler), Now: func() atm.Time { return atm.TimeOf(time.Now()) },
			Publish: func(_ context.Context, labels []atm.Label) error {
				if time.Since(start) < 3*time.Second {
					return errors.New("broker is away")
				}
				got = append(got, labels...)
				return nil
			}}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := r.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1200 || len(box.rows) != 0 {
			t.Errorf("%d labels published, %d left", len(got), len(box.rows))
		}
		for i, l := range got {
			if l.Transaction != string(rune('a'+i%26)) {
				t.Fatalf("label %d is %q: out of order", i, l.Transaction)
			}
		}
	})
}
