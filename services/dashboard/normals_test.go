package dashboard

import (
	"fmt"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// A card that takes 50.00 twice a day has that as its normal, although none of its events was ever scored.
func TestNormalsOfAnUnscoredPast(t *testing.T) {
	var events []dashboards.Event
	for i := range 60 {
		events = append(events, dashboards.Event{Transaction: atm.Transaction{ID: fmt.Sprint(i), Card: "c", ATM: "a", Kind: atm.Withdrawal, Response: atm.Approved,
			Amount: 5000, Has: atm.HasAmount, Time: atm.Time(1000-i) * 12 * atm.Hour}})
	}
	got := replayed(events)
	f := func(name string, low, median, high float64) {
		t.Helper()
		if r := got[name]; r.Low != low || r.Median != median || r.High != high || r.Count != 60 {
			t.Errorf("%s: %+v, want %g, %g, %g of 60", name, r, low, median, high)
		}
	}
	f("card_withdrawals_24h", 2, 2, 2)
	f("card_amount_24h", 10_000, 10_000, 10_000)
	f("card_amount_to_mean", 1, 1, 1)
	if got := replayed(events[:4]); got != nil {
		t.Errorf("four events make a normal: %v", got)
	}
}
