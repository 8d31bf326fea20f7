package history

import (
	"context"
	"fmt"

	"skimwatch/dashboards"
)

// believed leaves out events whose time lies too far ahead to be believed (atm.Future).
const believed = `flags & 4 = 0`

// Totals returns what the live view shows as totals: transactions scored, alerts, dead letters of transactions, and the newest of the event
// and processing times of what was scored.
func (s *Store) Totals(ctx context.Context) (l dashboards.Live, err error) {
	const query = `SELECT (SELECT count(*) FROM scores), (SELECT count(*) FROM alerts), (SELECT count(*) FROM dead_letters WHERE topic = 'transactions'),
		coalesce((SELECT max(t.time) FROM transactions t WHERE ` + believed + `), 0), coalesce((SELECT max(scored) FROM scores), 0)`
	if err := s.db.QueryRowContext(ctx, query).Scan(&l.Transactions, &l.Alerts, &l.DeadLetters, &l.Newest, &l.NewestAt); err != nil {
		return l, fmt.Errorf("read the totals: %w", err)
	}
	return l, nil
}
