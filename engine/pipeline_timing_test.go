package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
)

// BenchmarkPipeline folds a busy, bursty stream of 20,000 cards and 1,000 ATMs with all features and rules but no model.
func BenchmarkPipeline(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	cards, atms := make([]string, 20_000), make([]string, 1_000)
	for i := range cards {
		cards[i] = fmt.Sprintf("tok_%016x", r.Uint64())
	}
	for i := range atms {
		atms[i] = fmt.Sprintf("ATM%05d", i)
	}
	p := New(Config{})
	var s atm.Score
	t := atm.Transaction{Kind: atm.Withdrawal, Has: atm.HasAmount | atm.HasPlace, Country: "CH", Response: atm.Approved, BIN: "457000"}
	now, step := atm.Time(1.7e15), atm.Day/20_000
	push := func(i int) {
		now += atm.Time(r.Int64N(int64(2 * step)))
		t.ID, t.Card, t.ATM, t.Time, t.Amount = fmt.Sprint(i), cards[r.IntN(len(cards))], atms[r.IntN(len(atms))], now, int64(r.IntN(20))*5000
		t.Lat, t.Lon = 47+float64(t.ATM[7])/100, 8
		p.Push(&t, &s)
	}
	for i := range 200_000 {
		push(i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		push(200_000 + i)
	}
}
