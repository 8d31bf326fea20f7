package simulator

import (
	"context"
	"time"

	"skimwatch/services/internal/file"
	"skimwatch/simulator"
)

// toFile lets a world happen into a file, at its pace, until it ends or ctx does; both end it with nil.
type toFile struct {
	world    *simulator.World
	out      *file.TransactionWriter
	labels   labelSink
	pace     Pace
	progress *progress
}

func (f *toFile) run(ctx context.Context) error {
	clock := clock{Pace: f.pace}
	var e simulator.Event
	for ctx.Err() == nil && f.world.Next(&e) {
		if f.pace.Paced() {
			if err := f.await(ctx, clock.due(e.At, time.Now())); err != nil || ctx.Err() != nil {
				return err
			}
		}
		for i := range e.Labels {
			if err := f.labels.Put(&e.Labels[i]); err != nil {
				return err
			}
		}
		if err := f.out.Put(&e.Transaction); err != nil {
			return err
		}
		f.progress.note(e.At, len(e.Labels))
	}
	return nil
}

// await hands on what is there and waits until the next delivery is due.
func (f *toFile) await(ctx context.Context, due time.Time) error {
	if !time.Now().Before(due) {
		return nil
	}
	if err := f.out.Flush(); err != nil {
		return err
	}
	sleep(ctx.Done(), time.Until(due))
	return nil
}
