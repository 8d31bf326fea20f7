// Package history keeps the master dataset in SQL: every transaction with the place at which each stage of the engine saw it, every score with its
// vector, labels, alerts and what people decided. The text of the SQL is the same for SQLite and PostgreSQL; dialect.go holds what differs.
// Times are BIGINT microseconds since the epoch, money BIGINT minor units.
package history

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"skimwatch/dashboards"
)

// Store is the history. All methods are safe for concurrent use. Methods that write are idempotent: what is there already is left as it
// is, so a batch can be written again after a crash.
type Store struct {
	db      *sql.DB
	dialect Dialect

	writing sync.Mutex // held by the writer of a SQLite database: waiting here is fair and quick, waiting in SQLite is neither

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // of multi-row inserts
}

var (
	_ dashboards.Episodes    = (*Store)(nil)
	_ dashboards.Decisions   = (*Store)(nil)
	_ dashboards.Outbox      = (*Store)(nil)
	_ dashboards.Cards       = (*Store)(nil)
	_ dashboards.Statistics  = (*Store)(nil)
	_ dashboards.Patterns    = (*Store)(nil)
	_ dashboards.DeadLetters = (*Store)(nil)
	_ dashboards.Users       = (*Store)(nil)
	_ dashboards.Trail       = (*Store)(nil)
)

// New returns the history in db. Call Migrate before anything else, unless another process did.
func New(db *sql.DB, dialect Dialect) *Store {
	return &Store{db: db, dialect: dialect, prepared: map[string]*sql.Stmt{}}
}

// Ping asks the database whether it is there.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// write runs do in one transaction: all of it is stored, or nothing.
func (s *Store) write(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	if s.dialect.oneWriter {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: begin: %w", doing, err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: commit: %w", doing, err)
	}
	return nil
}

// querier is a database or a transaction in it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query and calls scan for every row.
func (s *Store) each(ctx context.Context, doing, query string, args []any, scan func(*sql.Rows) error) error {
	return each(ctx, s.db, doing, query, args, scan)
}

func each(ctx context.Context, db querier, doing, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
