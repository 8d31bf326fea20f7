//go:build real

package archiver_test

import (
	"net/url"
	"os"
	"testing"

	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/postgres"
)

// The database and the cache are real servers behind gates; the broker is the embedded one, which has no group of other tests.
func TestOutageReal(t *testing.T) {
	database, cache := os.Getenv("SKIMWATCH_TEST_POSTGRES"), os.Getenv("SKIMWATCH_TEST_REDIS")
	if database == "" || cache == "" {
		t.Fatal("SKIMWATCH_TEST_POSTGRES and SKIMWATCH_TEST_REDIS must name servers: run make test-real")
	}
	server, err := embedded.StartKafka(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	b := newBench(t, server.Addr())
	flush(t, cache)
	b.openLive(cache)
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := postgres.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("DROP DATABASE IF EXISTS outage WITH (FORCE)"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec("CREATE DATABASE outage"); err != nil {
		t.Fatal(err)
	}
	g := newGate(t, address.Host)
	address.Host, address.Path = g.Addr().String(), "/outage"
	db, err := postgres.Open(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	b.store = history.New(db, history.Postgres)
	b.sink, b.cutSQL, b.flush = b.store, g.set, func() { flush(t, cache) }
	t.Cleanup(func() { b.store.Close() })
	if err := b.store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.outage()
}
