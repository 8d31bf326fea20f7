package history

import (
	"context"
	"database/sql"
	"encoding/json"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// Due implements dashboards.Outbox.
func (s *Store) Due(ctx context.Context, now atm.Time, limit int) (due []dashboards.Outgoing, err error) {
	const query = `SELECT number, body FROM label_outbox WHERE sent = $1 AND due <= $2 ORDER BY number LIMIT $3`
	err = s.each(ctx, "read the label outbox", query, []any{false, int64(now), limit}, func(rows *sql.Rows) error {
		var o dashboards.Outgoing
		var body sql.RawBytes
		if err := rows.Scan(&o.Number, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &o.Label); err != nil {
			return err
		}
		due = append(due, o)
		return nil
	})
	return due, err
}

// Sent implements dashboards.Outbox.
func (s *Store) Sent(ctx context.Context, numbers []int64) error {
	return s.write(ctx, "mark labels as sent", func(tx *sql.Tx) error {
		for _, n := range numbers {
			if _, err := tx.ExecContext(ctx, `UPDATE label_outbox SET sent = $1 WHERE number = $2`, true, n); err != nil {
				return err
			}
		}
		return nil
	})
}
