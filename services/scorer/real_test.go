//go:build real

package scorer_test

import (
	"os"
	"testing"
)

// The same on Apache Kafka. The broker must be this test's alone.
func TestKilledProcessesReal(t *testing.T) {
	addr := os.Getenv("SKIMWATCH_TEST_KAFKA")
	if addr == "" {
		t.Fatal("SKIMWATCH_TEST_KAFKA must name a broker: run make test-real")
	}
	startAt(t, addr).killed(t)
}
