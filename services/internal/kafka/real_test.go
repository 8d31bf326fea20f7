//go:build real

package kafka

import (
	"os"
	"testing"
)

func TestReal(t *testing.T) {
	addr := os.Getenv("SKIMWATCH_TEST_KAFKA")
	if addr == "" {
		t.Fatal("SKIMWATCH_TEST_KAFKA is not set: run make test-real")
	}
	contract(t, addr)
}
