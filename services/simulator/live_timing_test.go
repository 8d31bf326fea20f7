package simulator

import (
	"context"
	"log/slog"
	"testing"

	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

func BenchmarkLiveOntoTheEmbeddedBroker(b *testing.B) {
	server, err := embedded.StartKafka(b.TempDir(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	broker := kafka.New(server.Addr())
	broker.Log = slog.New(slog.DiscardHandler)
	defer broker.Close()
	n := int64(0)
	for b.Loop() {
		b.StopTimer()
		world, err := simulator.New(simulator.Config{Days: 10})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := broker.CreateTopics(b.Context(), 4); err != nil {
			b.Fatal(err)
		}
		l := &Live{World: world, Log: &unread{broker}, Tell: broker.Log}
		b.StartTimer()
		if err := l.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += l.Transactions()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "tx/s")
}

// unread is a broker whose log looks empty, so that every run produces all.
type unread struct{ *kafka.Broker }

// Offsets says that nothing was written yet.
func (u *unread) Offsets(ctx context.Context, topic string) (first, end []int64, err error) {
	n, err := u.Partitions(ctx, topic)
	return make([]int64, n), make([]int64, n), err
}
