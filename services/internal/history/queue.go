package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"skimwatch/dashboards"
)

// where gathers conditions and their values. Values are numbered in the order in which they stand in the text, as SQLite needs.
type where struct {
	parts []string
	args  []any
}

// add appends a condition in which each ? stands for the next value.
func (w *where) add(condition string, values ...any) {
	for _, v := range values {
		w.args = append(w.args, v)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, condition)
}

func (w *where) text() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// matching turns a filter into conditions on episodes e.
func matching(f dashboards.Filter) *where {
	w := &where{}
	if f.Status != "" {
		w.add(`e.status = ?`, string(f.Status))
	}
	switch {
	case f.Unassigned && f.Owner != "":
		w.add(`(e.owner = '' OR e.owner = ?)`, f.Owner)
	case f.Unassigned:
		w.add(`e.owner = ''`)
	case f.Owner != "":
		w.add(`e.owner = ?`, f.Owner)
	}
	if f.MinScore > 0 {
		w.add(`e.score >= ?`, f.MinScore)
	}
	for _, equal := range []struct{ column, value string }{{"reason", f.Reason}, {"atm", f.ATM}, {"country", f.Country}, {"card", f.Card}} {
		if equal.value != "" {
			w.add(`e.`+equal.column+` = ?`, equal.value)
		}
	}
	if f.RaisedAfter != 0 {
		w.add(`e.raised > ?`, int64(f.RaisedAfter))
	}
	if f.Text != "" {
		text := strings.ToLower(f.Text)
		prefix := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
		w.add(`(e.last4 = ? OR lower(e.id) LIKE ? ESCAPE '\' OR lower(e.card) LIKE ? ESCAPE '\' OR lower(e.atm) LIKE ? ESCAPE '\' OR e.city_search LIKE ? ESCAPE '\')`, text, prefix, prefix, prefix, prefix)
	}
	return w
}

const episodeColumns = `e.id, e.card, e.bin, e.last4, e.status, e.owner, e.score, e.hits, e.first_time, e.last_time, e.raised, a.body`

func scanEpisode(row interface{ Scan(...any) error }, e *dashboards.Episode) error {
	var body []byte
	if err := row.Scan(&e.ID, &e.Card, &e.BIN, &e.Last4, &e.Status, &e.Owner, &e.Score, &e.Hits, &e.First, &e.Last, &e.Raised, &body); err != nil {
		return err
	}
	return json.Unmarshal(body, &e.Top)
}

// Queue implements dashboards.Episodes.
func (s *Store) Queue(ctx context.Context, f dashboards.Filter, after dashboards.Cursor, limit int) (page []dashboards.Episode, err error) {
	w := matching(f)
	if after.ID != "" {
		w.add(`(e.score < ? OR e.score = ? AND e.id > ?)`, after.Score, after.Score, after.ID)
	}
	query := fmt.Sprintf(`SELECT `+episodeColumns+` FROM episodes e JOIN alerts a ON a.id = e.top`+w.text()+` ORDER BY e.score DESC, e.id LIMIT $%d`, len(w.args)+1)
	err = s.each(ctx, "read the queue", query, append(w.args, limit), func(rows *sql.Rows) error {
		var e dashboards.Episode
		if err := scanEpisode(rows, &e); err != nil {
			return err
		}
		page = append(page, e)
		return nil
	})
	return page, err
}

// CountQueue implements dashboards.Episodes.
func (s *Store) CountQueue(ctx context.Context, f dashboards.Filter, atMost int) (n int, err error) {
	w := matching(f)
	query := fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM episodes e`+w.text()+` LIMIT $%d) found`, len(w.args)+1)
	if err := s.db.QueryRowContext(ctx, query, append(w.args, atMost)...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the queue: %w", err)
	}
	return n, nil
}
