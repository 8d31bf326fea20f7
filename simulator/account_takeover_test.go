package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestATakenOverAccountIsChangedThenEmptied(t *testing.T) {
	s := tell(t, "account_takeover")
	for name, c := range s.campaigns {
		changed, taken := atm.Time(0), atm.Time(0)
		for _, a := range c {
			if a.Kind == atm.LimitChange {
				changed = a.Time
			}
			if a.Kind == atm.Withdrawal && taken == 0 {
				taken = a.Time
			}
		}
		if taken != 0 && (changed == 0 || taken < changed) { // the world may end in between
			t.Errorf("%s: limit changed at %s, first withdrawal at %s", name, changed, taken)
		}
		if span := c[len(c)-1].Time - c[0].Time; span > 80*atm.Hour {
			t.Errorf("%s lasts %s", name, span.Duration())
		}
	}
}
