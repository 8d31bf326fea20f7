package history

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// CardEvents implements dashboards.Cards.
func (s *Store) CardEvents(ctx context.Context, card string, until atm.Time, n int) (events []dashboards.Event, err error) {
	const query = `SELECT ` + transactionColumns + `, s.tx IS NOT NULL, coalesce(s.score, 0), coalesce(s.threshold, 0), coalesce(s.decision, '')
		FROM transactions LEFT JOIN scores s ON s.tx = id WHERE card = $1 AND time <= $2 ORDER BY time DESC, card_offset DESC LIMIT $3`
	c := newCells(22)
	err = s.each(ctx, "read the events of card "+card, query, []any{card, int64(until), n}, func(rows *sql.Rows) error {
		var e dashboards.Event
		if err := rows.Scan(append(slices.Clip(c.into), &e.Scored, &e.Score, &e.Threshold, &e.Decision)...); err != nil {
			return err
		}
		c.transaction(&e.Transaction)
		if c.err != nil {
			return c.err
		}
		events = append(events, e)
		return nil
	})
	return events, err
}

// A card's normal is taken from at most this many logged vectors, and not from fewer than normalLeast.
const (
	normalMost  = 500
	normalLeast = 5
)

// Normals returns a dashboards.Normals for one feature set: its hash and the names of its features in order. A card's normal is the
// 5th, 50th and 95th percentile of each feature over its last 500 logged vectors before that event time.
func (s *Store) Normals(set uint64, names []string) dashboards.Normals {
	return func(ctx context.Context, card string, before atm.Time) (map[string]dashboards.Range, error) {
		columns := make([][]float64, len(names))
		var raw sql.RawBytes
		var vector []float64
		const query = `SELECT s.vector FROM transactions t JOIN scores s ON s.tx = t.id WHERE t.card = $1 AND t.time < $2 AND s.feature_set = $3 ORDER BY t.time DESC LIMIT $4`
		err := s.each(ctx, "read the vectors of card "+card, query, []any{card, int64(before), int64(set), normalMost}, func(rows *sql.Rows) (err error) {
			if err := rows.Scan(&raw); err != nil {
				return err
			}
			if vector, err = decodeVector(raw, vector); err != nil {
				return err
			}
			if len(vector) != len(names) {
				return fmt.Errorf("a vector of feature set %x has %d values, not %d", set, len(vector), len(names))
			}
			for i, v := range vector {
				if v == v { // not a number: the feature had no value
					columns[i] = append(columns[i], v)
				}
			}
			return nil
		})
		ranges := map[string]dashboards.Range{}
		for i, values := range columns {
			if len(values) < normalLeast {
				continue
			}
			slices.Sort(values)
			at := func(share float64) float64 { return values[int(share*float64(len(values)-1)+0.5)] }
			ranges[names[i]] = dashboards.Range{Low: at(0.05), Median: at(0.5), High: at(0.95), Count: int64(len(values))}
		}
		return ranges, err
	}
}
