package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestACashOutEmptiesManyCardsInARow(t *testing.T) {
	s := tell(t, "cash_out")
	for name, c := range s.campaigns {
		if n := distinct(c, func(a *act) string { return a.ATM }); n != 1 {
			t.Errorf("%s: %d machines", name, n)
		}
		cards, issuers := distinct(c, func(a *act) string { return a.Card }), distinct(c, func(a *act) string { return a.BIN })
		if cards < 5 || issuers > 2 {
			t.Errorf("%s: %d cards of %d issuers", name, cards, issuers)
		}
		for i := 1; i < len(c); i++ {
			if gap := c[i].Time - c[i-1].Time; gap > 2*atm.Minute {
				t.Errorf("%s: a pause of %s", name, gap.Duration())
			}
		}
	}
}
