package simulator

import "testing"

func BenchmarkNext(b *testing.B) {
	f := func(name string, c Config) {
		b.Run(name, func(b *testing.B) {
			w, e := world(b, c), Event{}
			b.ReportAllocs()
			for b.Loop() {
				w.Next(&e)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
	f("default", Config{})
	f("disorder", Config{Disorder: true})
	f("200000 cards", Config{Cards: 200_000, ATMs: 5000})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		world(b, Config{Cards: 20_000, ATMs: 800})
	}
}
