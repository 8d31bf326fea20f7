package engine

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/engine/stage"
)

// day makes n transactions of one busy day with late events, duplicates and a wrong clock.
func day(seed uint64, n int) []atm.Transaction {
	r := rand.New(rand.NewPCG(seed, 2))
	ts := make([]atm.Transaction, n)
	for i := range ts {
		ts[i] = atm.Transaction{ID: fmt.Sprintf("t%d", i), Time: 1767571200_000000 + atm.Time(i)*20*atm.Second, Card: fmt.Sprintf("card%d", r.IntN(40)), ATM: fmt.Sprintf("ATM%d", r.IntN(9)),
			BIN: "457000", Country: "CH", Kind: atm.Withdrawal, Entry: atm.Entry(r.IntN(6)), Response: []atm.Response{"00", "00", "55", "51"}[r.IntN(4)],
			Amount: r.Int64N(50) * 1000, DailyLimit: 50_000, Lat: 47 + r.Float64()/9, Lon: 8 + r.Float64()/9, Has: atm.HasAmount | atm.HasPlace | atm.HasLimit}
		switch r.IntN(30) {
		case 0:
			ts[i] = ts[max(0, i-1-r.IntN(9))]
		case 1:
			ts[i].Time -= atm.Time(r.Int64N(int64(5 * atm.Hour)))
		case 2:
			ts[i].Lat = 35
		case 3:
			ts[i].ATM, ts[i].Time = "ATM0", ts[i].Time+90*atm.Day
		}
	}
	return ts
}

// scores folds transactions and returns every score in bytes.
func scores(p *Pipeline, ts []atm.Transaction) (out []string, alerts int) {
	var s atm.Score
	for i := range ts {
		p.Push(&ts[i], &s)
		if s.Decision == atm.Alerts {
			alerts++
		}
		out = append(out, string(s.AppendBinary(nil)))
	}
	return out, alerts
}

func TestSameStreamSameBytes(t *testing.T) {
	f := func(partitions int) {
		t.Helper()
		ts := day(1, 3000)
		a, b := New(Config{Partitions: partitions}), New(Config{Partitions: partitions})
		one, alerts := scores(a, ts)
		two, _ := scores(b, ts)
		for i := range one {
			if one[i] != two[i] {
				t.Fatalf("score %d differs", i)
			}
		}
		if alerts == 0 || alerts > 1500 {
			t.Errorf("%d alerts of 3000", alerts)
		}
		var pushed int64
		for p := range a.Partitions() {
			card1, atm1 := a.Warm(p)
			card2, atm2 := b.Warm(p)
			if string(card1) != string(card2) || string(atm1) != string(atm2) {
				t.Errorf("partition %d ends in two states", p)
			}
			cards, atms := a.Pushed(p)
			pushed += cards + atms
		}
		if pushed != 2*3000 || a.Partitions() != max(1, partitions) {
			t.Errorf("%d pushed through %d partitions", pushed, a.Partitions())
		}
	}
	f(0)
	f(1)
	f(4)
}

// The zero Config is rules alone: nothing alerts without a rule.
func TestZeroConfigHasNoModel(t *testing.T) {
	var s atm.Score
	New(Config{}).Push(&day(1, 1)[0], &s)
	if s.Decision != atm.Pass || s.Threshold != score.NoModel.Threshold || len(s.Reasons) != 0 {
		t.Errorf("%s at %v for %v", s.Decision, s.Threshold, s.Reasons)
	}
}

// route is the partitioner of these tests.
func route(key string, n int) int { return int(crc32.ChecksumIEEE([]byte(key)) % uint32(n)) }

// Stages restored from a warm pipeline go on over records exactly as the pipeline goes on over transactions.
func TestWarmStagesGoOnAsThePipeline(t *testing.T) {
	const partitions = 3
	ts := day(2, 3000)
	p := New(Config{Partitions: partitions, Partition: route})
	scores(p, ts[:1800])
	cards, atms := make([]*stage.Card, partitions), make([]*stage.ATM, partitions)
	for i := range partitions {
		card, machine := p.Warm(i)
		cards[i], atms[i] = stage.NewCard(int32(i), partitions, route), stage.NewATM(int32(i), score.NoModel)
		if at, err := cards[i].Restore(card); err != nil || at.Offset != 0 || cards[i].Keys() == 0 {
			t.Fatalf("%+v, %v", at, err)
		}
		if at, err := atms[i].Restore(machine); err != nil || at.Offset != 0 || atms[i].Keys() == 0 {
			t.Fatalf("%+v, %v", at, err)
		}
	}
	offsets := [2][partitions]int64{}
	var want, got atm.Score
	for i := 1800; i < len(ts); i++ {
		p.Push(&ts[i], &want)
		c := route(ts[i].Card, partitions)
		var f stage.Forward
		if letter := cards[c].Apply(stage.Input{Value: ts[i].AppendJSON(nil), Offset: offsets[0][c]}, &f); letter != nil {
			t.Fatal(letter.Reason)
		}
		offsets[0][c]++
		if applied, err := atms[f.Partition].Apply(stage.Input{Value: f.Value, Offset: offsets[1][f.Partition]}, &got); !applied || err != nil {
			t.Fatalf("event %d: %v, %v", i, applied, err)
		}
		offsets[1][f.Partition]++
		// Positions count from the start of the pipeline, offsets from the warm start.
		want.CardAt, want.ATMAt = got.CardAt, got.ATMAt
		if string(got.AppendBinary(nil)) != string(want.AppendBinary(nil)) {
			t.Fatalf("event %d:\n got %+v\nwant %+v", i, got, want)
		}
	}
}

// constant believes the same of everything.
type constant float64

func (c constant) Score([]float64) float64                    { return float64(c) }
func (c constant) Explain(_, contributions []float64) float64 { return float64(c) }

func TestSwitchTakesEffectAtOnce(t *testing.T) {
	p := New(Config{Partitions: 2})
	ts := day(3, 20)
	var s atm.Score
	for i := range ts {
		if i == 10 {
			p.Switch(score.Version{Name: "m/2", Threshold: 0.4, Model: constant(0.4)})
		}
		p.Push(&ts[i], &s)
		duplicate := s.Flags&atm.Duplicate != 0
		if i >= 10 && (s.Model != "m/2" || (s.Decision == atm.Alerts) == duplicate) || i < 10 && s.Model != "" {
			t.Errorf("event %d: %s by %q", i, s.Decision, s.Model)
		}
		if s.Decision == atm.Alerts {
			if a := p.Alert(&s); a.Transaction != ts[i].ID || a.Model != s.Model || len(a.Evidence) != feature.Size() {
				t.Errorf("alert %+v", a)
			}
		}
	}
}

// Once keys and rings are there, a transaction that does not alert costs no allocation.
func TestPushAllocatesNothing(t *testing.T) {
	p := New(Config{})
	var s atm.Score
	tx := atm.Transaction{Time: 1767571200_000000, BIN: "457000", Country: "CH", Kind: atm.Withdrawal, Amount: 5000, Entry: atm.Chip, Response: atm.Approved, Has: atm.HasAmount}
	cards, ids := make([]string, 50), make([]string, 40_000)
	for i := range cards {
		cards[i] = fmt.Sprintf("card%d", i)
	}
	for i := range ids {
		ids[i] = fmt.Sprintf("t%d", i)
	}
	n := 0
	push := func() {
		tx.ID, tx.Card, tx.ATM = ids[n], cards[n%len(cards)], cards[n*7%13]
		tx.Time += 2 * atm.Minute
		p.Push(&tx, &s)
		if s.Decision != atm.Pass || s.Flags != 0 {
			t.Fatalf("event %d: %s, %v", n, s.Decision, s.Flags.Strings())
		}
		n++
	}
	for n < 30_000 {
		push()
	}
	if got := testing.AllocsPerRun(len(ids)-n-2, push); got != 0 {
		t.Errorf("%v allocations for each transaction", got)
	}
}
