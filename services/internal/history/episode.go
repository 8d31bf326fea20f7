package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"skimwatch/dashboards"
)

// Episode implements dashboards.Episodes.
func (s *Store) Episode(ctx context.Context, id string) (d dashboards.EpisodeDetail, err error) {
	row := s.db.QueryRowContext(ctx, `SELECT `+episodeColumns+` FROM episodes e JOIN alerts a ON a.id = e.top WHERE e.id = $1`, id)
	if err := scanEpisode(row, &d.Episode); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = dashboards.ErrNotFound
		}
		return d, fmt.Errorf("read episode %q: %w", id, err)
	}
	if d.Alerts, err = s.alerts(ctx, `SELECT body FROM alerts WHERE episode = $1 ORDER BY time DESC, id LIMIT 100`, id); err != nil {
		return d, err
	}
	err = s.each(ctx, "read the decision on episode "+id, `SELECT id, episode, verdict, reason, note, author, at, known_at FROM decisions WHERE episode = $1 AND undone_at = 0`, []any{id}, func(rows *sql.Rows) error {
		p := &d.Disposition
		return rows.Scan(&p.ID, &p.Episode, &p.Verdict, &p.Reason, &p.Note, &p.By, &p.At, &p.KnownAt)
	})
	if err != nil {
		return d, err
	}
	d.Activity, err = s.activity(ctx, id)
	return d, err
}
