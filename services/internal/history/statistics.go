package history

import (
	"context"
	"database/sql"
	"fmt"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// StatusCounts implements dashboards.Statistics.
func (s *Store) StatusCounts(ctx context.Context) (c dashboards.StatusCounts, err error) {
	err = s.each(ctx, "count episodes", `SELECT status, count(*) FROM episodes GROUP BY status`, nil, func(rows *sql.Rows) error {
		var status dashboards.Status
		var n int64
		if err := rows.Scan(&status, &n); err != nil {
			return err
		}
		switch status {
		case dashboards.Open:
			c.Open = n
		case dashboards.Fraud:
			c.Fraud = n
		case dashboards.NotFraud:
			c.NotFraud = n
		case dashboards.Inconclusive:
			c.Inconclusive = n
		}
		return nil
	})
	return c, err
}

// LabelCounts implements dashboards.Statistics.
func (s *Store) LabelCounts(ctx context.Context, since atm.Time) (counts []dashboards.LabelCount, err error) {
	const query = `SELECT source, fraud, count(*) FROM labels WHERE known_at > $1 GROUP BY source, fraud ORDER BY source, fraud`
	err = s.each(ctx, "count labels", query, []any{int64(since)}, func(rows *sql.Rows) error {
		var c dashboards.LabelCount
		if err := rows.Scan(&c.Source, &c.Fraud, &c.Count); err != nil {
			return err
		}
		counts = append(counts, c)
		return nil
	})
	return counts, err
}

// Truth implements dashboards.Statistics. A transaction with several alerts counts once among the frauds that were alerted.
func (s *Store) Truth(ctx context.Context, since atm.Time) (t dashboards.Truth, err error) {
	const frauds = `SELECT count(*), coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM alerts a WHERE a.tx = l.tx) THEN 1 ELSE 0 END), 0)
		FROM labels l JOIN transactions t ON t.id = l.tx WHERE l.source = 'simulator' AND l.fraud = $1 AND t.time >= $2`
	if err := s.db.QueryRowContext(ctx, frauds, true, int64(since)).Scan(&t.Frauds, &t.FraudsAlerted); err != nil {
		return t, fmt.Errorf("count frauds: %w", err)
	}
	const alerts = `SELECT count(*), coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM labels l WHERE l.tx = a.tx AND l.source = 'simulator' AND l.fraud = $1) THEN 1 ELSE 0 END), 0)
		FROM alerts a WHERE a.time >= $2`
	if err := s.db.QueryRowContext(ctx, alerts, true, int64(since)).Scan(&t.Alerts, &t.AlertsFraud); err != nil {
		return t, fmt.Errorf("count alerts: %w", err)
	}
	return t, nil
}

// Counts is how much the history holds.
type Counts struct {
	Transactions, Scores, Alerts, Episodes, Labels, DeadLetters int64
}

// Counts returns how much the history holds.
func (s *Store) Counts(ctx context.Context) (c Counts, err error) {
	const query = `SELECT (SELECT count(*) FROM transactions), (SELECT count(*) FROM scores), (SELECT count(*) FROM alerts), (SELECT count(*) FROM episodes),
		(SELECT count(*) FROM labels), (SELECT count(*) FROM dead_letters)`
	if err := s.db.QueryRowContext(ctx, query).Scan(&c.Transactions, &c.Scores, &c.Alerts, &c.Episodes, &c.Labels, &c.DeadLetters); err != nil {
		return c, fmt.Errorf("count the history: %w", err)
	}
	return c, nil
}

// Span returns the oldest and the newest believed event time of the history; 0 and 0 when it is empty.
func (s *Store) Span(ctx context.Context) (oldest, newest atm.Time, err error) {
	if err := s.db.QueryRowContext(ctx, `SELECT coalesce(min(time), 0), coalesce(max(time), 0) FROM transactions WHERE `+believed).Scan(&oldest, &newest); err != nil {
		return 0, 0, fmt.Errorf("read the span of the history: %w", err)
	}
	return oldest, newest, nil
}
