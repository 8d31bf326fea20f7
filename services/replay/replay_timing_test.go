package replay_test

import (
	"path/filepath"
	"testing"

	"skimwatch/engine/score"
	"skimwatch/services/internal/file"
	"skimwatch/services/replay"
	"skimwatch/simulator"
)

// BenchmarkReplay reads 30 days of a world, scores them by the rules alone and writes the answers.
func BenchmarkReplay(b *testing.B) {
	in := filepath.Join(b.TempDir(), "tx.ndjson")
	w, err := simulator.New(simulator.Config{Days: 30})
	if err != nil {
		b.Fatal(err)
	}
	out, err := file.CreateTransactions(in)
	if err != nil {
		b.Fatal(err)
	}
	var e simulator.Event
	for w.Next(&e) {
		if err := out.Put(&e.Transaction); err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	var done int64
	for done = 0; done < int64(b.N); {
		sum, err := replay.Run(b.Context(), replay.Config{In: in, Out: "/dev/null", Model: score.NoModel})
		if err != nil {
			b.Fatal(err)
		}
		done += sum.Transactions
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(done), "ns/transaction")
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "transactions/s")
	b.ReportMetric(0, "ns/op")
}
