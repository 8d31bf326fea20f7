//go:build real

package history

import (
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"skimwatch/services/internal/postgres"
)

// TestPostgres gives every test a schema of its own.
func TestPostgres(t *testing.T) {
	address := os.Getenv("SKIMWATCH_TEST_POSTGRES")
	if address == "" {
		t.Fatal("SKIMWATCH_TEST_POSTGRES is not set: run make test-real")
	}
	n := 0
	contract(t, func(t *testing.T) *Store {
		n++
		schema := fmt.Sprintf("history_%d_%d", time.Now().UnixNano(), n)
		admin, err := postgres.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := admin.Exec(`CREATE SCHEMA ` + schema); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("search_path", schema)
		u.RawQuery = q.Encode()
		db, err := postgres.Open(t.Context(), u.String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			db.Close()
			if _, err := admin.Exec(`DROP SCHEMA ` + schema + ` CASCADE`); err != nil {
				t.Error(err)
			}
			admin.Close()
		})
		return New(db, Postgres)
	})
}
