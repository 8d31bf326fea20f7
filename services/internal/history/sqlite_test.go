package history

import (
	"path/filepath"
	"testing"

	"skimwatch/services/internal/sqlite"
)

func openSQLite(t testing.TB) *Store {
	db, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return New(db, SQLite)
}

func TestSQLite(t *testing.T) {
	contract(t, func(t *testing.T) *Store { return openSQLite(t) })
}
