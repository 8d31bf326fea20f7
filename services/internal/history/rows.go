package history

import (
	"context"
	"database/sql"
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
	var r Row
	c := newCells(27)
	return s.each(ctx, "read the history", `SELECT `+rowColumns+` FROM transactions`+orders[order], nil, func(rows *sql.Rows) error {
		if err := r.scan(rows, c); err != nil {
			return err
		}
		return fn(&r)
	})
}
