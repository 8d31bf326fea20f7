package kafka

import (
	"context"
	"slices"
	"testing"
	"time"

	"skimwatch/services/internal/embedded"
)

func startEmbedded(b *testing.B) (*Broker, string) {
	k, err := embedded.StartKafka(b.TempDir(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(k.Close)
	broker := New(k.Addr())
	b.Cleanup(broker.Close)
	if _, err := broker.create(b.Context(), []string{"bench"}, 1); err != nil {
		b.Fatal(err)
	}
	return broker, "bench"
}

func BenchmarkProduce(b *testing.B) {
	f := func(name string, batch int) {
		b.Run(name, func(b *testing.B) {
			broker, topic := startEmbedded(b)
			records := numbered(batch, 340)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, err := broker.Produce(b.Context(), topic, 0, records); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
	f("1", 1)
	f("20", 20)
	f("500", 500)
	f("2000", 2000)
}

func BenchmarkRead(b *testing.B) {
	broker, topic := startEmbedded(b)
	n := 0
	for n < 200_000 {
		if _, err := broker.Produce(b.Context(), topic, 0, numbered(2000, 340)); err != nil {
			b.Fatal(err)
		}
		n += 2000
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if err := broker.ReadTo(b.Context(), topic, 0, 0, int64(n), func([]Record) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkHop measures from before the write to the record in the reader's hands, at about 500 writes of one record a second.
func BenchmarkHop(b *testing.B) {
	broker, topic := startEmbedded(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	arrived := make(chan time.Time, 16)
	go broker.Read(ctx, topic, 0, 0, func(records []Record) error {
		for range records {
			arrived <- time.Now()
		}
		return nil
	})
	record := numbered(1, 340)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	var took []time.Duration
	for range b.N {
		<-tick.C
		began := time.Now()
		if _, err := broker.Produce(ctx, topic, 0, record); err != nil {
			b.Fatal(err)
		}
		took = append(took, (<-arrived).Sub(began))
	}
	slices.Sort(took)
	at := func(share float64) float64 { return float64(took[int(share*float64(len(took)-1))].Microseconds()) }
	b.ReportMetric(at(0.5), "p50-µs")
	b.ReportMetric(at(0.99), "p99-µs")
}
