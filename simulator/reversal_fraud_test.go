package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestReversalFraudIsPaidAndReversedAtOnce(t *testing.T) {
	s := tell(t, "reversal_fraud")
	worked := 0
	for name, c := range s.campaigns {
		paid, reversed := map[string]act{}, 0
		for _, a := range c {
			switch {
			case a.Kind == atm.Withdrawal && a.Response == atm.Approved:
				paid[a.ID] = a
			case a.Kind == atm.Reversal:
				reversed++
				o, ok := paid[a.ReversalOf]
				if !ok || o.Amount != a.Amount || o.Card != a.Card || a.Time-o.Time > 70*atm.Second {
					t.Errorf("%s: %+v takes back %+v", name, a, o)
				}
				if r := a.ReversalReason; r != "10" && r != "13" && r != "20" {
					t.Errorf("%s: reason %s", name, r)
				}
			}
		}
		if reversed != len(paid) {
			t.Errorf("%s: %d of %d withdrawals reversed", name, reversed, len(paid))
		}
		if reversed > 1 {
			worked++
		}
	}
	mostly(t, "crews that repeat it", 0.7, worked, len(s.campaigns))
}
