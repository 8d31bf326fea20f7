package history

import (
	"context"
	"database/sql"
	"fmt"

	"skimwatch/engine/atm"
)

// Order is an order in which a stage of the engine saw the transactions.
type Order int

// The orders, each by partition and offset of the stage's topic.
const (
	ByCard Order = iota + 1 // as the card stage read transactions
	ByATM                   // as the atm stage read transactions.by-atm
)

var orders = map[Order]string{ByCard: ` ORDER BY card_partition, card_offset`, ByATM: ` ORDER BY atm_partition, atm_offset`}

// Rows calls fn with every transaction of the history in the given order. The row is fn's only until it returns. An error of fn ends it
// and is returned.
func (s *Store) Rows(ctx context.Context, order Order, fn func(*Row) error) error {
	return rowsOf(ctx, s.db, order, fn)
}

func rowsOf(ctx context.Context, db querier, order Order, fn func(*Row) error) error {
	var r Row
	c := newCells(27)
	return each(ctx, db, "read the history", `SELECT `+rowColumns+` FROM transactions`+orders[order], nil, func(rows *sql.Rows) error {
		if err := r.scan(rows, c); err != nil {
			return err
		}
		return fn(&r)
	})
}

// Snapshot is the history as of one instant, however long it is read.
type Snapshot struct{ tx *sql.Tx }

// Snapshot calls fn with the history as it is now. Writers are not kept waiting.
func (s *Store) Snapshot(ctx context.Context, fn func(Snapshot) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot})
	if err != nil {
		return fmt.Errorf("read the history as of now: begin: %w", err)
	}
	defer tx.Rollback()
	return fn(Snapshot{tx})
}

// Rows is Store.Rows.
func (s Snapshot) Rows(ctx context.Context, order Order, fn func(*Row) error) error {
	return rowsOf(ctx, s.tx, order, fn)
}

// Labels is Store.Labels.
func (s Snapshot) Labels(ctx context.Context, knownAt atm.Time, fn func(atm.Label) error) error {
	return labelsOf(ctx, s.tx, knownAt, fn)
}
