package history

import (
	"context"
	"database/sql"

	"skimwatch/dashboards"
)

// Record implements dashboards.Trail.
func (s *Store) Record(ctx context.Context, e dashboards.Entry) error {
	return s.write(ctx, "write the audit", func(tx *sql.Tx) error { return record(ctx, tx, e) })
}

func record(ctx context.Context, tx *sql.Tx, e dashboards.Entry) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, author, action, episode, detail) VALUES ($1, $2, $3, $4, $5)`, int64(e.At), e.By, e.Action, e.Episode, e.Detail)
	return err
}

// activity returns what was done to an episode, oldest first.
func (s *Store) activity(ctx context.Context, episode string) (entries []dashboards.Entry, err error) {
	const query = `SELECT at, author, action, episode, detail FROM audit WHERE episode = $1 ORDER BY number`
	err = s.each(ctx, "read the activity of episode "+episode, query, []any{episode}, func(rows *sql.Rows) error {
		var e dashboards.Entry
		if err := rows.Scan(&e.At, &e.By, &e.Action, &e.Episode, &e.Detail); err != nil {
			return err
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}
