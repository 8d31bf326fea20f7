package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// episodeGap is how far an alert may lie from the others of its card, in event time, to belong to the same episode.
const episodeGap = atm.Day

// AppendAlerts stores alerts and gathers them in episodes: an alert joins the open episode of its card whose alerts lie at most 24
// hours of event time away, or begins one. An alert whose id is stored is left as it is.
func (s *Store) AppendAlerts(ctx context.Context, alerts []atm.Alert) error {
	return s.write(ctx, "store alerts", func(tx *sql.Tx) error {
		for i := range alerts {
			if err := appendAlert(ctx, tx, &alerts[i]); err != nil {
				return fmt.Errorf("alert %s: %w", alerts[i].ID, err)
			}
		}
		return nil
	})
}

func appendAlert(ctx context.Context, tx *sql.Tx, a *atm.Alert) error {
	var known int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM alerts WHERE id = $1`, a.ID).Scan(&known); err != nil || known > 0 {
		return err
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	episode, err := join(ctx, tx, a)
	if errors.Is(err, sql.ErrNoRows) {
		episode, err = a.ID, begin(ctx, tx, a)
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO alerts (id, episode, tx, card, atm, time, score, reason, lat, lon, has_place, country, city, raised, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID, episode, a.Transaction, a.Card, a.ATM, int64(a.Time), a.Score, firstReason(a), a.Lat, a.Lon, a.HasPlace, a.Country, a.City, int64(a.Raised), string(body))
	return err
}

// join adds the alert to an open episode and returns its id, or sql.ErrNoRows when none is near.
func join(ctx context.Context, tx *sql.Tx, a *atm.Alert) (id string, err error) {
	var score float64
	err = tx.QueryRowContext(ctx, `SELECT id, score FROM episodes WHERE card = $1 AND status = $2 AND last_time >= $3 AND first_time <= $4 ORDER BY last_time DESC, id LIMIT 1`,
		a.Card, string(dashboards.Open), int64(a.Time-episodeGap), int64(a.Time+episodeGap)).Scan(&id, &score)
	if err != nil {
		return "", err
	}
	// Somebody may decide the episode right now: only one that is still open takes the alert.
	changed, err := tx.ExecContext(ctx, `UPDATE episodes SET hits = hits + 1,
		first_time = CASE WHEN first_time > $1 THEN $1 ELSE first_time END, last_time = CASE WHEN last_time < $1 THEN $1 ELSE last_time END
		WHERE id = $2 AND status = $3`, int64(a.Time), id, string(dashboards.Open))
	if err != nil {
		return "", err
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(err, sql.ErrNoRows)
	}
	if a.Score > score {
		_, err = tx.ExecContext(ctx, `UPDATE episodes SET score = $1, top = $2, reason = $3, atm = $4, country = $5, city_search = $6 WHERE id = $7`,
			a.Score, a.ID, firstReason(a), a.ATM, a.Country, strings.ToLower(a.City), id)
	}
	return id, err
}

func begin(ctx context.Context, tx *sql.Tx, a *atm.Alert) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO episodes (id, card, bin, last4, status, owner, score, hits, first_time, last_time, raised, top, reason, atm, country, city_search)
		VALUES ($1, $2, $3, $4, $5, '', $6, 1, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Card, a.BIN, a.Last4, string(dashboards.Open), a.Score, int64(a.Time), int64(a.Time), int64(a.Raised), a.ID, firstReason(a), a.ATM, a.Country, strings.ToLower(a.City))
	return err
}

func firstReason(a *atm.Alert) string {
	if len(a.Reasons) == 0 {
		return ""
	}
	return a.Reasons[0].Code
}

// Recent returns the newest n alerts by the time they were raised, oldest first, to fill a serving cache that lost them.
func (s *Store) Recent(ctx context.Context, n int) ([]atm.Alert, error) {
	alerts, err := s.alerts(ctx, `SELECT body FROM alerts ORDER BY raised DESC, id DESC LIMIT $1`, n)
	slices.Reverse(alerts)
	return alerts, err
}

// alerts reads the alerts whose bodies a query selects.
func (s *Store) alerts(ctx context.Context, query string, args ...any) (alerts []atm.Alert, err error) {
	err = s.each(ctx, "read alerts", query, args, func(rows *sql.Rows) error {
		var body sql.RawBytes
		if err := rows.Scan(&body); err != nil {
			return err
		}
		var a atm.Alert
		if err := json.Unmarshal(body, &a); err != nil {
			return err
		}
		alerts = append(alerts, a)
		return nil
	})
	return alerts, err
}
