package feature

import (
	"math"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/wire"
)

// history is a stream of few cards and ATMs with late events and duplicates.
func history(n int) []atm.Transaction {
	r := rand.New(rand.NewPCG(5, 5))
	kinds := []atm.Kind{atm.Withdrawal, atm.Withdrawal, atm.Balance, atm.LimitChange, atm.Deposit}
	return repeat(n, func(i int) atm.Transaction {
		minute := float64(i*17) - float64(r.IntN(3))*r.Float64()*600
		return at(minute, id(string(rune('A'+(i-r.IntN(20)/19)))), card(string(rune('a'+r.IntN(5)))), machine(string(rune('A'+r.IntN(4)))), country([]string{"CH", "FR", ""}[r.IntN(3)]),
			kind(kinds[r.IntN(len(kinds))]), entry(atm.Entry(r.IntN(6))), amount(r.Int64N(90000)), place(r.Float64()*90, r.Float64()*90))
	})
}

func TestSnapshotGoesOnAsBefore(t *testing.T) {
	events := history(1200)
	straight, broken := newFolds(), newFolds()
	duplicates := 0
	for i, e := range events {
		if i == 700 {
			for k, s := range broken.cards {
				broken.cards[k] = restored(t, s.AppendBinary(nil), &CardState{})
			}
			for k, s := range broken.atms {
				broken.atms[k] = restored(t, s.AppendBinary(nil), &ATMState{})
			}
		}
		a, flagsA := straight.push(e)
		b, flagsB := broken.push(e)
		duplicates += int(flagsA & atm.Duplicate)
		if flagsA != flagsB {
			t.Fatalf("event %d is %v, after a restore %v", i, flagsA.Strings(), flagsB.Strings())
		}
		for k := range a {
			if math.Float64bits(a[k]) != math.Float64bits(b[k]) {
				t.Fatalf("event %d, %s: %v, after a restore %v", i, At(k).Name, a[k], b[k])
			}
		}
	}
	if duplicates == 0 {
		t.Error("the stream has no duplicate")
	}
	for k, s := range straight.cards {
		if string(s.AppendBinary(nil)) != string(broken.cards[k].AppendBinary(nil)) {
			t.Errorf("card %s ends in another state", k)
		}
	}
	for k, s := range straight.atms {
		if string(s.AppendBinary(nil)) != string(broken.atms[k].AppendBinary(nil)) {
			t.Errorf("ATM %s ends in another state", k)
		}
	}
}

type snapshot interface {
	AppendBinary([]byte) []byte
	ReadBinary(*wire.Reader)
}

// restored reads b into s and holds s to writing the same.
func restored[S snapshot](t testing.TB, b []byte, s S) S {
	t.Helper()
	r := wire.NewReader(b)
	s.ReadBinary(r)
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	if string(s.AppendBinary(nil)) != string(b) {
		t.Fatal("a restored state writes other bytes")
	}
	return s
}

func FuzzCardStateReadBinary(f *testing.F) {
	fs := newFolds()
	for _, e := range history(60) {
		fs.push(e)
	}
	f.Add(fs.cards["a"].AppendBinary(nil))
	f.Add((&CardState{}).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s CardState
		r := wire.NewReader(b)
		if s.ReadBinary(r); r.End() != nil {
			return
		}
		if s.ring.Len()*43 > len(b) {
			t.Fatalf("%d bytes gave %d events", len(b), s.ring.Len())
		}
		restored(t, s.AppendBinary(nil), &CardState{})
		e := at(0, id("next"))
		NewCardFold().Apply(&s, &e, 0, make([]float64, CardSize()))
	})
}

func FuzzATMStateReadBinary(f *testing.F) {
	fs := newFolds()
	for _, e := range history(60) {
		fs.push(e)
	}
	f.Add(fs.atms["A"].AppendBinary(nil))
	f.Add((&ATMState{}).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s ATMState
		r := wire.NewReader(b)
		if s.ReadBinary(r); r.End() != nil {
			return
		}
		if s.ring.Len()*43 > len(b) {
			t.Fatalf("%d bytes gave %d events", len(b), s.ring.Len())
		}
		restored(t, s.AppendBinary(nil), &ATMState{})
		e := at(0, id("next"))
		NewATMFold().Apply(&s, &e, 0, 0, make([]float64, Size()))
	})
}
