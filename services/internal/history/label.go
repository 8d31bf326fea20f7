package history

import (
	"context"
	"database/sql"

	"skimwatch/engine/atm"
)

// Of two labels of one source about one transaction the later known one stays. A batch may hold several of them, which one
// statement cannot update twice, so rows go one by one.
const upsertLabel = `INSERT INTO labels (tx, source, fraud, scenario, campaign, known_at, author, reason, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (tx, source) DO UPDATE SET fraud = excluded.fraud, scenario = excluded.scenario, campaign = excluded.campaign, known_at = excluded.known_at,
	author = excluded.author, reason = excluded.reason, note = excluded.note WHERE excluded.known_at >= labels.known_at`

// AppendLabels stores labels. Of two by one source about one transaction the later known one stays; of equally late ones the last.
func (s *Store) AppendLabels(ctx context.Context, labels []atm.Label) error {
	return s.write(ctx, "store labels", func(tx *sql.Tx) error {
		for _, l := range labels {
			if _, err := tx.ExecContext(ctx, upsertLabel, l.Transaction, string(l.Source), l.Fraud, l.Scenario, l.Campaign, int64(l.KnownAt), l.By, l.Reason, l.Note); err != nil {
				return err
			}
		}
		return nil
	})
}

// Labels calls fn with every label known at or before a cut-off, oldest first, then by transaction and source. An error of fn ends
// it and is returned.
func (s *Store) Labels(ctx context.Context, knownAt atm.Time, fn func(atm.Label) error) error {
	return labelsOf(ctx, s.db, knownAt, fn)
}

func labelsOf(ctx context.Context, db querier, knownAt atm.Time, fn func(atm.Label) error) error {
	const query = `SELECT tx, source, fraud, scenario, campaign, known_at, author, reason, note FROM labels WHERE known_at <= $1 ORDER BY known_at, tx, source`
	return each(ctx, db, "read the labels", query, []any{int64(knownAt)}, func(rows *sql.Rows) error {
		var l atm.Label
		if err := rows.Scan(&l.Transaction, &l.Source, &l.Fraud, &l.Scenario, &l.Campaign, &l.KnownAt, &l.By, &l.Reason, &l.Note); err != nil {
			return err
		}
		return fn(l)
	})
}
