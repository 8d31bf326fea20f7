package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenIsKeptAndConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "a?b%.db")
	db, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE x (n BIGINT)`); err != nil {
		t.Fatal(err)
	}
	var mode string
	if err := db.QueryRow(`PRAGMA journal_mode`).Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal mode %q, %v", mode, err)
	}
	// a reader does not wait for an open write
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`INSERT INTO x VALUES ($1)`, 7); err != nil {
		t.Fatal(err)
	}
	n := -1
	if err := db.QueryRow(`SELECT count(*) FROM x`).Scan(&n); err != nil || n != 0 {
		t.Errorf("a reader beside the writer sees %d rows, %v", n, err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if db, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT n FROM x`).Scan(&n); err != nil || n != 7 {
		t.Errorf("after reopening: %d, %v", n, err)
	}
}

func TestOpenMakesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{filepath.Join(dir, "typo.db"), filepath.Join(dir, "typo", "h.db")} {
		if _, err := Open(t.Context(), path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v", err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("it made %v, %v", left, err)
	}
}

func TestOpenErrors(t *testing.T) {
	f := func(path string) {
		t.Helper()
		for _, open := range []func(context.Context, string) (*sql.DB, error){Open, Create} {
			db, err := open(t.Context(), path)
			if err == nil {
				db.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), "open the SQLite database") || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
		}
	}
	dir := t.TempDir()
	f("")
	f(dir) // a folder
	f("/proc/self/x.db")
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is not a database ", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	f(garbage)
}
