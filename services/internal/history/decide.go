package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// Decide implements dashboards.Decisions.
func (s *Store) Decide(ctx context.Context, d dashboards.Disposition) error {
	switch d.Verdict {
	case dashboards.Fraud, dashboards.NotFraud, dashboards.Inconclusive:
	default:
		return fmt.Errorf("decide episode %q: verdict %q is not fraud, not_fraud or inconclusive", d.Episode, d.Verdict)
	}
	if d.ID == "" {
		return fmt.Errorf("decide episode %q: the disposition has no id", d.Episode)
	}
	return s.write(ctx, "decide episode "+d.Episode, func(tx *sql.Tx) error {
		var known int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM decisions WHERE id = $1`, d.ID).Scan(&known); err != nil || known > 0 {
			return err
		}
		if err := move(ctx, tx, d.Episode, dashboards.Open, d.Verdict); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO decisions (id, episode, verdict, reason, note, author, at, known_at, undone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`,
			d.ID, d.Episode, string(d.Verdict), d.Reason, d.Note, d.By, int64(d.At), int64(d.KnownAt))
		if err != nil {
			return err
		}
		if err := label(ctx, tx, d); err != nil {
			return err
		}
		return record(ctx, tx, dashboards.Entry{At: d.At, By: d.By, Action: "decide", Episode: d.Episode, Detail: string(d.Verdict) + " " + d.Reason})
	})
}

// move changes an episode's status, or says why it cannot.
func move(ctx context.Context, tx *sql.Tx, id string, from, to dashboards.Status) error {
	changed, err := tx.ExecContext(ctx, `UPDATE episodes SET status = $1 WHERE id = $2 AND status = $3`, string(to), id, string(from))
	if err != nil {
		return err
	}
	return one(ctx, tx, changed, id)
}

// one returns nil if a statement changed the episode, and else ErrNotFound or ErrConflict.
func one(ctx context.Context, tx *sql.Tx, changed sql.Result, id string) error {
	n, err := changed.RowsAffected()
	if err != nil || n > 0 {
		return err
	}
	var exists int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM episodes WHERE id = $1`, id).Scan(&exists); err != nil {
		return err
	}
	if exists == 0 {
		return dashboards.ErrNotFound
	}
	return dashboards.ErrConflict
}

// label puts one label for every transaction of the episode into the outbox.
func label(ctx context.Context, tx *sql.Tx, d dashboards.Disposition) error {
	if d.Verdict == dashboards.Inconclusive {
		return nil
	}
	transactions, err := transactionsOf(ctx, tx, d.Episode)
	if err != nil {
		return err
	}
	due := int64(d.At + atm.Time(dashboards.UndoFor.Microseconds()))
	for _, id := range transactions {
		body, err := json.Marshal(atm.Label{Transaction: id, Fraud: d.Verdict == dashboards.Fraud, Source: atm.Analyst, KnownAt: d.KnownAt, By: d.By, Reason: d.Reason, Note: d.Note})
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO label_outbox (decision, body, due, sent) VALUES ($1, $2, $3, $4)`, d.ID, string(body), due, false); err != nil {
			return err
		}
	}
	return nil
}

func transactionsOf(ctx context.Context, tx *sql.Tx, episode string) (ids []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT tx FROM alerts WHERE episode = $1 ORDER BY tx`, episode)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Undo implements dashboards.Decisions. Labels that are due count as sent: a relay may have them in hand.
func (s *Store) Undo(ctx context.Context, episode, disposition, by string, at atm.Time) error {
	return s.write(ctx, "undo the decision on episode "+episode, func(tx *sql.Tx) error {
		var verdict string
		err := tx.QueryRowContext(ctx, `SELECT verdict FROM decisions WHERE id = $1 AND episode = $2 AND undone_at = 0`, disposition, episode).Scan(&verdict)
		if errors.Is(err, sql.ErrNoRows) {
			return dashboards.ErrConflict
		}
		if err != nil {
			return err
		}
		if err := move(ctx, tx, episode, dashboards.Status(verdict), dashboards.Open); err != nil {
			return err
		}
		var gone int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM label_outbox WHERE decision = $1 AND (sent = $2 OR due <= $3)`, disposition, true, int64(at)).Scan(&gone); err != nil {
			return err
		}
		if gone > 0 {
			return dashboards.ErrConflict
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM label_outbox WHERE decision = $1`, disposition); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE decisions SET undone_at = $1 WHERE id = $2`, int64(at), disposition); err != nil {
			return err
		}
		return record(ctx, tx, dashboards.Entry{At: at, By: by, Action: "undo", Episode: episode, Detail: verdict})
	})
}

// Assign implements dashboards.Decisions.
func (s *Store) Assign(ctx context.Context, episode, from, owner string, at atm.Time) error {
	return s.write(ctx, "assign episode "+episode, func(tx *sql.Tx) error {
		changed, err := tx.ExecContext(ctx, `UPDATE episodes SET owner = $1 WHERE id = $2 AND status = $3 AND owner = $4`, owner, episode, string(dashboards.Open), from)
		if err != nil {
			return err
		}
		if err := one(ctx, tx, changed, episode); err != nil {
			return err
		}
		e := dashboards.Entry{At: at, By: owner, Action: "assign", Episode: episode, Detail: owner}
		if owner == "" {
			e = dashboards.Entry{At: at, By: from, Action: "release", Episode: episode}
		}
		return record(ctx, tx, e)
	})
}
