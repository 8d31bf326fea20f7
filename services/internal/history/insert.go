package history

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// insertion is a multi-row insert: the rows go between into and conflict.
type insertion struct {
	into     string // INSERT INTO table (columns) VALUES
	columns  int
	conflict string // ON CONFLICT …
}

// insert appends n rows; row appends the values of the i-th.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, in insertion, n int, row func(args []any, i int) []any) error {
	args := make([]any, 0, s.dialect.rows*in.columns)
	for from := 0; from < n; from += s.dialect.rows {
		args = args[:0]
		to := min(from+s.dialect.rows, n)
		for i := from; i < to; i++ {
			args = row(args, i)
		}
		if len(args) != (to-from)*in.columns {
			panic(fmt.Sprintf("BUG: %d values for %d rows of %s", len(args), to-from, in.into))
		}
		if err := s.insertArgs(ctx, tx, in, to-from, args); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) insertArgs(ctx context.Context, tx *sql.Tx, in insertion, rows int, args []any) error {
	if rows < s.dialect.rows {
		_, err := tx.ExecContext(ctx, in.text(rows, s.dialect.unnamed), args...)
		return err
	}
	stmt, err := s.prepare(ctx, in)
	if err != nil {
		return err
	}
	_, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	return err
}

// prepare returns the statement for the dialect's number of rows, which is parsed once.
func (s *Store) prepare(ctx context.Context, in insertion) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.prepared[in.into]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, in.text(s.dialect.rows, s.dialect.unnamed))
	if err == nil {
		s.prepared[in.into] = stmt
	}
	return stmt, err
}

func (in insertion) text(rows int, unnamed bool) string {
	var b strings.Builder
	b.WriteString(in.into)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(" (")
		for j := range in.columns {
			if j > 0 {
				b.WriteByte(',')
			}
			if unnamed {
				b.WriteByte('?')
				continue
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(i*in.columns + j + 1))
		}
		b.WriteByte(')')
	}
	b.WriteByte(' ')
	b.WriteString(in.conflict)
	return b.String()
}
