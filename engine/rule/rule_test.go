package rule

import (
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

func TestRulesAreToldInFull(t *testing.T) {
	names := map[string]bool{}
	for _, r := range All() {
		if r.Name == "" || !strings.HasSuffix(r.Text, ".") || r.Severity <= 0 || r.Severity > 1 || len(r.Looks) == 0 || names[r.Name] {
			t.Errorf("%+v", r)
		}
		names[r.Name] = true
		if r.Hits(&atm.Transaction{}, make([]float64, feature.Size())) {
			t.Errorf("%s hits nothing at all", r.Name)
		}
	}
	if len(names) < 4 || Version == "" {
		t.Errorf("%d rules of version %q", len(names), Version)
	}
}

// hits holds one rule to its answer for a vector with these values and a transaction of this kind; every feature that the
// rule looks at must be one of values.
func hits(t *testing.T, name string) func(want bool, tx atm.Transaction, values ...float64) {
	for _, r := range All() {
		if r.Name != name {
			continue
		}
		return func(want bool, tx atm.Transaction, values ...float64) {
			t.Helper()
			if len(values) != len(r.Looks) {
				t.Fatalf("%s looks at %v", name, r.Looks)
			}
			vector := make([]float64, feature.Size())
			for i, v := range values {
				vector[feature.Index(r.Looks[i])] = v
			}
			if got := r.Hits(&tx, vector); got != want {
				t.Errorf("%s says %v of %v", name, got, values)
			}
		}
	}
	t.Fatalf("there is no rule %s", name)
	return nil
}

var (
	paidOut = atm.Transaction{Kind: atm.Withdrawal, Response: atm.Approved}
	refused = atm.Transaction{Kind: atm.Withdrawal, Response: atm.NoFunds}
	asked   = atm.Transaction{Kind: atm.Balance, Response: atm.Approved}
	spat    = atm.Transaction{Kind: atm.Dispense, Response: atm.Approved}
)

func TestImpossibleTravel(t *testing.T) {
	f := hits(t, "impossible_travel")
	f(true, paidOut, 51, 801)
	f(true, asked, 5000, 100_000)
	f(false, paidOut, 50, 801)   // a neighbouring town
	f(false, paidOut, 5000, 800) // an airliner
}

func TestPINGuessing(t *testing.T) {
	f := hits(t, "pin_guessing")
	f(true, paidOut, 2, 1.6, 0.6)
	f(false, paidOut, 1, 1.6, 0.6) // a slip
	f(false, paidOut, 2, 1.5, 0.6) // a forgotten PIN, then the usual amount
	f(false, paidOut, 2, 1.6, 0.5)
	f(false, refused, 2, 1.6, 0.6)
	f(false, asked, 2, 1.6, 0.6)
}

func TestCashOut(t *testing.T) {
	f := hits(t, "cash_out")
	f(true, paidOut, 5, 3, 5, 0.61, 1)
	f(true, paidOut, 40, 1, 90, 1, 1)
	f(false, paidOut, 4, 3, 5, 0.61, 1)
	f(false, paidOut, 5, 4, 5, 0.61, 1) // a fair: cards of all banks
	f(false, paidOut, 5, 0, 5, 0.61, 1) // banks unknown
	f(false, paidOut, 5, 3, 4, 0.61, 1)
	f(false, paidOut, 5, 3, 5, 0.6, 1)
	f(false, paidOut, 5, 3, 5, 0.61, 0) // a payday queue with chips
	f(false, refused, 5, 3, 5, 0.61, 1)
}

func TestJackpotting(t *testing.T) {
	f := hits(t, "jackpotting")
	f(true, spat, 5)
	f(false, spat, 4)
	f(false, paidOut, 5)
}
