// Package sqlite opens SQLite databases: the history of the demo and of single-machine set-ups.
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Open opens the database file at path. The error of one that is not there wraps fs.ErrNotExist, and nothing is made. Readers do
// not wait for the writer (write-ahead log); a second writer waits up to ten seconds. What was committed survives the end of the
// process; the last commits may be lost with a loss of power. The caller closes it.
func Open(ctx context.Context, path string) (*sql.DB, error) { return open(ctx, path, os.O_RDWR) }

// Create is Open, but makes the file and its folder where they are missing.
func Create(ctx context.Context, path string) (*sql.DB, error) {
	if path != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("open the SQLite database %s: %w", path, err)
		}
	}
	return open(ctx, path, os.O_RDWR|os.O_CREATE)
}

func open(ctx context.Context, path string, how int) (*sql.DB, error) {
	if path == "" {
		return nil, fmt.Errorf("open the SQLite database: no file is given")
	}
	// SQLite's own error for a file that may not be written comes late and does not name it.
	f, err := os.OpenFile(path, how, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the SQLite database %s: %w", path, err)
	}
	f.Close()
	options := url.Values{"mode": {"rw"}, "_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "cache_size(-32768)", "temp_store(MEMORY)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the SQLite database %s: %w", path, err)
	}
	db.SetMaxOpenConns(6)
	db.SetMaxIdleConns(6)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open the SQLite database %s: %w", path, err)
	}
	return db, nil
}
