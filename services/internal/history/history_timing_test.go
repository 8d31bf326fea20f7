package history

import (
	"fmt"
	"testing"

	"skimwatch/engine/atm"
)

// fill stores n scores with vectors of 48 features.
func fill(b *testing.B, s *Store, from, n, batch int) {
	b.Helper()
	vector := make([]float64, 48)
	for ; n > 0; n -= batch {
		scores := make([]atm.Score, batch)
		for i := range scores {
			scores[i] = score(from + i)
			scores[i].Transaction.ID = fmt.Sprintf("018f-%032d", from+i)
			scores[i].Transaction.Card = fmt.Sprint("card", (from+i)*7919%5000)
			scores[i].Vector = vector
		}
		if err := s.AppendScores(b.Context(), scores); err != nil {
			b.Fatal(err)
		}
		from += batch
	}
}

func BenchmarkAppendScores(b *testing.B) {
	f := func(batch int) {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			s := openSQLite(b)
			if err := s.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				fill(b, s, i*batch, batch, batch)
			}
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	f(25)
	f(500)
}

func BenchmarkRows(b *testing.B) {
	const n = 50_000
	s := openSQLite(b)
	if err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	fill(b, s, 0, n, 1000)
	f := func(name string, read func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	f("ByCard", func() error { return s.Rows(b.Context(), ByCard, func(*Row) error { return nil }) })
	f("ByATM", func() error { return s.Rows(b.Context(), ByATM, func(*Row) error { return nil }) })
	f("Vectors", func() error { return s.Vectors(b.Context(), func(string, uint64, []float64) error { return nil }) })
}
