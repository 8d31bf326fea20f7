package archiver

import (
	"context"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// Past is what the live view is filled from when it has lost everything.
type Past interface {
	// Recent returns the newest n alerts, oldest first.
	Recent(ctx context.Context, n int) ([]atm.Alert, error)
	// Totals returns the totals and the newest event time of what was scored.
	Totals(ctx context.Context) (dashboards.Live, error)
}

// healEvery is how often the live view is asked whether it lost everything; recentAlerts is how many it gets back.
const (
	healEvery    = 2 * time.Second
	recentAlerts = 500
)

// heal fills an empty live view from the history, at the start and after a flush, until ctx ends.
func (a *Archiver) heal(ctx context.Context) error {
	tick := time.NewTicker(healEvery)
	defer tick.Stop()
	for {
		if err := a.healOnce(ctx); err != nil && ctx.Err() == nil {
			a.Log.Debug("live view not restored", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (a *Archiver) healOnce(ctx context.Context) error {
	empty, err := a.Live.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	totals, err := a.Past.Totals(ctx)
	if err != nil || totals.Transactions == 0 {
		return err
	}
	recent, err := a.Past.Recent(ctx, recentAlerts)
	if err != nil {
		return err
	}
	if err := a.Live.Restore(ctx, totals, recent); err != nil {
		return err
	}
	a.Log.Info("live view restored from the history", "transactions", totals.Transactions, "alerts", totals.Alerts)
	return nil
}
