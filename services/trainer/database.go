package trainer

import (
	"context"
	"errors"
	"iter"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/services/internal/history"
)

// Database is the master dataset in SQL, read in the orders in which the stages of the speed layer saw it.
type Database struct{ Store *history.Store }

var _ Data = Database{}

// Newest returns the newest event time of the history.
func (d Database) Newest(ctx context.Context) (atm.Time, error) {
	_, newest, err := d.Store.Span(ctx)
	if err == nil && newest == 0 {
		err = errors.New("the history holds no transactions yet: run the archiver, or set the system up with a simulated past")
	}
	return newest, err
}

// Set recomputes the vectors of the whole history, as it is now: an archiver may go on writing.
func (d Database) Set(ctx context.Context, keep dataset.Window, cutoff atm.Time) (set *dataset.Set, err error) {
	err = d.Store.Snapshot(ctx, func(now history.Snapshot) error {
		labels := dataset.NewLabels(cutoff)
		if err := now.Labels(ctx, cutoff, func(l atm.Label) error { labels.Add(l); return nil }); err != nil {
			return err
		}
		if set, err = dataset.FromHistory(ctx, History(ctx, now), keep); err != nil {
			return err
		}
		set.Label(labels)
		return nil
	})
	return set, err
}

// History returns the rows of one instant in both orders, as dataset.Recompute takes them.
func History(ctx context.Context, now history.Snapshot) dataset.History {
	return dataset.History{ByCard: rows(ctx, now, history.ByCard), ByATM: rows(ctx, now, history.ByATM)}
}

var errEnough = errors.New("enough rows")

func rows(ctx context.Context, now history.Snapshot, order history.Order) iter.Seq2[*atm.Score, error] {
	return func(yield func(*atm.Score, error) bool) {
		var s atm.Score
		err := now.Rows(ctx, order, func(r *history.Row) error {
			s.Transaction, s.CardAt, s.ATMAt, s.Flags = r.Transaction, r.CardAt, r.ATMAt, r.Flags
			if !yield(&s, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
