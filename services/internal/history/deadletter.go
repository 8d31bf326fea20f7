package history

import (
	"context"
	"database/sql"
	"fmt"

	"skimwatch/engine/atm"
)

var insertDeadLetters = insertion{`INSERT INTO dead_letters (topic, part, place, record_key, reason, body) VALUES`, 6, `ON CONFLICT (topic, part, place) DO NOTHING`}

// AppendDeadLetters stores records that could not be decoded; one of a topic's place that is stored is left out.
func (s *Store) AppendDeadLetters(ctx context.Context, letters []atm.DeadLetter) error {
	return s.write(ctx, "store dead letters", func(tx *sql.Tx) error {
		return s.insert(ctx, tx, insertDeadLetters, len(letters), func(args []any, i int) []any {
			l := &letters[i]
			return append(args, l.Topic, l.Partition, l.Offset, l.Key, l.Reason, append([]byte{}, l.Bytes...))
		})
	})
}

// DeadLetters implements dashboards.DeadLetters.
func (s *Store) DeadLetters(ctx context.Context, n int) (letters []atm.DeadLetter, total int64, err error) {
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM dead_letters`).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count dead letters: %w", err)
	}
	const query = `SELECT topic, part, place, record_key, reason, body FROM dead_letters ORDER BY number DESC LIMIT $1`
	err = s.each(ctx, "read dead letters", query, []any{n}, func(rows *sql.Rows) error {
		var l atm.DeadLetter
		if err := rows.Scan(&l.Topic, &l.Partition, &l.Offset, &l.Key, &l.Reason, &l.Bytes); err != nil {
			return err
		}
		if len(l.Bytes) == 0 {
			l.Bytes = nil // the databases differ in how they return an empty one
		}
		letters = append(letters, l)
		return nil
	})
	return letters, total, err
}
