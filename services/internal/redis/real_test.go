//go:build real

package redis

import (
	"os"
	"testing"
)

// TestReal empties the server's database before each test.
func TestReal(t *testing.T) {
	address := os.Getenv("SKIMWATCH_TEST_REDIS")
	if address == "" {
		t.Fatal("SKIMWATCH_TEST_REDIS is not set: run make test-real")
	}
	contract(t, func(t *testing.T) *Live {
		l, err := New(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		ok(t, l.client.FlushDB(t.Context()).Err())
		return l
	})
}
