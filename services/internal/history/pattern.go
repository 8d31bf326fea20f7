package history

import (
	"context"
	"database/sql"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// TopATMs implements dashboards.Patterns.
func (s *Store) TopATMs(ctx context.Context, since atm.Time, n int) (top []dashboards.ATMAlerts, err error) {
	const query = `SELECT atm, max(city), max(country), max(CASE WHEN has_place THEN lat ELSE -1000 END), max(CASE WHEN has_place THEN lon ELSE -1000 END), count(*)
		FROM alerts WHERE time >= $1 GROUP BY atm ORDER BY count(*) DESC, atm LIMIT $2`
	err = s.each(ctx, "count alerts by ATM", query, []any{int64(since), n}, func(rows *sql.Rows) error {
		var a dashboards.ATMAlerts
		if err := rows.Scan(&a.ATM, &a.City, &a.Country, &a.Lat, &a.Lon, &a.Alerts); err != nil {
			return err
		}
		if a.HasPlace = a.Lat > -1000; !a.HasPlace {
			a.Lat, a.Lon = 0, 0
		}
		top = append(top, a)
		return nil
	})
	return top, err
}

// TopReasons implements dashboards.Patterns.
func (s *Store) TopReasons(ctx context.Context, since atm.Time, n int) (top []dashboards.ReasonAlerts, err error) {
	const query = `SELECT reason, count(*) FROM alerts WHERE time >= $1 GROUP BY reason ORDER BY count(*) DESC, reason LIMIT $2`
	err = s.each(ctx, "count alerts by reason", query, []any{int64(since), n}, func(rows *sql.Rows) error {
		var r dashboards.ReasonAlerts
		if err := rows.Scan(&r.Code, &r.Alerts); err != nil {
			return err
		}
		top = append(top, r)
		return nil
	})
	return top, err
}
