package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestProbingIsManyCardsAtOneMachine(t *testing.T) {
	s := tell(t, "pin_probing")
	for name, c := range s.campaigns {
		if n := distinct(c, func(a *act) string { return a.ATM }); n != 1 {
			t.Errorf("%s: %d machines", name, n)
		}
		if n := distinct(c, func(a *act) string { return a.Card }); n < 4 {
			t.Errorf("%s: %d cards", name, n)
		}
		if span := c[len(c)-1].Time - c[0].Time; span > 45*atm.Minute {
			t.Errorf("%s lasts %s", name, span.Duration())
		}
	}
}
