package dashboards

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"skimwatch/engine/atm"
)

// Relay publishes the labels of the outbox. A label may be published twice when the process dies between publishing and
// marking; whoever stores labels does so idempotently.
type Relay struct {
	Outbox  Outbox
	Publish func(ctx context.Context, labels []atm.Label) error // returns when all are acknowledged
	Now     func() atm.Time                                     // processing time
	Log     *slog.Logger
}

// Step publishes what is due, at most 500 labels, and returns how many.
func (r *Relay) Step(ctx context.Context) (int, error) {
	due, err := r.Outbox.Due(ctx, r.Now(), 500)
	if err != nil {
		return 0, fmt.Errorf("read due labels from the outbox: %w", err)
	}
	if len(due) == 0 {
		return 0, nil
	}
	labels, numbers := make([]atm.Label, len(due)), make([]int64, len(due))
	for i, o := range due {
		labels[i], numbers[i] = o.Label, o.Number
	}
	if err := r.Publish(ctx, labels); err != nil {
		return 0, fmt.Errorf("publish %d labels: %w", len(labels), err)
	}
	if err := r.Outbox.Sent(ctx, numbers); err != nil {
		return 0, fmt.Errorf("mark %d labels as sent: %w", len(labels), err)
	}
	return len(due), nil
}

// Run steps every half second until ctx ends, and backs off up to ten seconds while steps fail.
func (r *Relay) Run(ctx context.Context) error {
	const pause = 500 * time.Millisecond
	wait := pause
	for {
		n, err := r.Step(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.Log.Warn("dashboard: relay labels", "error", err, "retry_in", wait)
			wait = min(2*wait, 10*time.Second)
		case n > 0:
			wait = 0
		default:
			wait = pause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
			wait = max(wait, pause)
		}
	}
}
