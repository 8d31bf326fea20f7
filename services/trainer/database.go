package trainer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/postgres"
	"skimwatch/services/internal/sqlite"
)

// Database is the master dataset in SQL, read in the orders in which the stages of the speed layer saw it.
type Database struct{ Store *history.Store }

var _ Data = Database{}

// openDatabase opens the history at postgres://… or sqlite:FILE. The caller closes the store.
func openDatabase(ctx context.Context, address string) (*history.Store, error) {
	var db *sql.DB
	var err error
	dialect := history.Postgres
	switch {
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		db, err = postgres.Open(ctx, address)
	case strings.HasPrefix(address, "sqlite:"):
		dialect = history.SQLite
		db, err = sqlite.Open(ctx, strings.TrimPrefix(address, "sqlite:"))
	default:
		return nil, daemon.Usage(fmt.Errorf("database %q is neither postgres://… nor sqlite:FILE", address))
	}
	if err != nil {
		return nil, daemon.Unavailable(err)
	}
	store := history.New(db, dialect)
	if err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(daemon.Unavailable(err), store.Close())
	}
	return store, nil
}

// Newest returns the newest event time of the history.
func (d Database) Newest(ctx context.Context) (newest atm.Time, err error) {
	n := 0
	err = d.Store.Rows(ctx, history.ByCard, func(r *history.Row) error {
		newest = max(newest, r.Transaction.Time)
		n++
		return nil
	})
	if err == nil && n == 0 {
		err = errors.New("the history holds no transactions yet: run the archiver, or set the system up with a simulated past")
	}
	return newest, err
}

// Set recomputes the vectors of the whole history.
func (d Database) Set(ctx context.Context, keep dataset.Window, cutoff atm.Time) (*dataset.Set, error) {
	labels := dataset.NewLabels(cutoff)
	if err := d.Store.Labels(ctx, cutoff, func(l atm.Label) error { labels.Add(l); return nil }); err != nil {
		return nil, err
	}
	set, err := dataset.FromHistory(ctx, d.History(ctx), keep)
	if err != nil {
		return nil, err
	}
	set.Label(labels)
	return set, nil
}

// History returns the rows in both orders, as dataset.Recompute takes them.
func (d Database) History(ctx context.Context) dataset.History {
	return dataset.History{ByCard: d.rows(ctx, history.ByCard), ByATM: d.rows(ctx, history.ByATM)}
}

var errEnough = errors.New("enough rows")

func (d Database) rows(ctx context.Context, order history.Order) iter.Seq2[*atm.Score, error] {
	return func(yield func(*atm.Score, error) bool) {
		var s atm.Score
		err := d.Store.Rows(ctx, order, func(r *history.Row) error {
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
