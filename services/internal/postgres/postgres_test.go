package postgres

import (
	"strings"
	"testing"
)

func TestOpenErrorsHideThePassword(t *testing.T) {
	f := func(url, want string) {
		t.Helper()
		db, err := Open(t.Context(), url)
		if err == nil {
			db.Close()
			t.Fatal("no error")
		}
		if strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	f("postgres://u:s3cret@127.0.0.1:1/history?sslmode=disable", "database history on 127.0.0.1:1")
	f("postgres://u:s3cret@127.0.0.1:port/history", "open the PostgreSQL database")
}
