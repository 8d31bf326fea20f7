package feature

import (
	"fmt"
	"testing"

	"skimwatch/engine/atm"
)

// start is Monday 2026-01-05T09:30:00Z.
const start = atm.Time(1767605400_000000)

type edit func(*atm.Transaction)

// at is an approved chip withdrawal of 100.00 by one card at one ATM in Lucerne, some minutes after start, with edits.
func at(minutes float64, edits ...edit) atm.Transaction {
	t := atm.Transaction{Time: start + atm.Time(minutes*float64(atm.Minute)), Card: "c", ATM: "A", BIN: "457000", Country: "CH", Kind: atm.Withdrawal,
		Amount: 10000, Currency: "CHF", Entry: atm.Chip, Response: atm.Approved, Lat: 47, Lon: 8, Has: atm.HasPlace | atm.HasAmount}
	for _, e := range edits {
		e(&t)
	}
	return t
}

func id(s string) edit            { return func(t *atm.Transaction) { t.ID = s } }
func card(s string) edit          { return func(t *atm.Transaction) { t.Card = s } }
func machine(s string) edit       { return func(t *atm.Transaction) { t.ATM = s } }
func country(s string) edit       { return func(t *atm.Transaction) { t.Country = s } }
func kind(k atm.Kind) edit        { return func(t *atm.Transaction) { t.Kind = k } }
func entry(e atm.Entry) edit      { return func(t *atm.Transaction) { t.Entry = e } }
func answer(r atm.Response) edit  { return func(t *atm.Transaction) { t.Response = r } }
func amount(n int64) edit         { return func(t *atm.Transaction) { t.Amount = n } }
func place(lat, lon float64) edit { return func(t *atm.Transaction) { t.Lat, t.Lon = lat, lon } }
func nowhere(t *atm.Transaction)  { t.Lat, t.Lon, t.Has = 0, 0, t.Has&^atm.HasPlace }
func limit(n int64) edit {
	return func(t *atm.Transaction) { t.DailyLimit, t.Has = n, t.Has|atm.HasLimit }
}
func balance(n int64) edit {
	return func(t *atm.Transaction) { t.BalanceAfter, t.Has = n, t.Has|atm.HasBalance }
}
func repeat(n int, each func(i int) atm.Transaction) (ts []atm.Transaction) {
	for i := range n {
		ts = append(ts, each(i))
	}
	return ts
}

// folds keeps the states of all cards and ATMs and folds what it is given.
type folds struct {
	cards map[string]*CardState
	atms  map[string]*ATMState
	card  *CardFold
	atm   *ATMFold
	n     int
}

func newFolds() *folds {
	return &folds{map[string]*CardState{}, map[string]*ATMState{}, NewCardFold(), NewATMFold(), 0}
}

func (f *folds) push(t atm.Transaction) ([]float64, atm.Flags) {
	if t.ID == "" {
		t.ID = fmt.Sprintf("t%d", f.n)
	}
	f.n++
	if f.cards[t.Card] == nil {
		f.cards[t.Card] = &CardState{}
	}
	if f.atms[t.ATM] == nil {
		f.atms[t.ATM] = &ATMState{}
	}
	vector := make([]float64, Size())
	flags := f.card.Apply(f.cards[t.Card], &t, 0, vector[:CardSize()])
	return vector, f.atm.Apply(f.atms[t.ATM], &t, flags, 0, vector)
}

// expect folds events in order and holds one feature of the last one to a value.
func expect(t *testing.T) func(name string, want float64, events ...atm.Transaction) {
	return func(name string, want float64, events ...atm.Transaction) {
		t.Helper()
		f := newFolds()
		var vector []float64
		for _, e := range events {
			vector, _ = f.push(e)
		}
		if got := vector[Index(name)]; got < want-1e-3 || got > want+1e-3 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}
