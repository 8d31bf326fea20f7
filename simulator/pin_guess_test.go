package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestGuessedPINs(t *testing.T) {
	s := tell(t, "pin_guess")
	wrong, paid := 0, 0
	for name, c := range s.campaigns {
		if span := c[len(c)-1].Time - c[0].Time; span > 25*atm.Minute {
			t.Errorf("%s lasts %s", name, span.Duration())
		}
		if c[0].Response == atm.WrongPIN {
			wrong++
		}
		for _, a := range c {
			if a.Kind == atm.Withdrawal && a.Response == atm.Approved {
				paid++
				break
			}
		}
	}
	mostly(t, "campaigns that begin with a wrong PIN", 0.9, wrong, len(s.campaigns))
	mostly(t, "campaigns that find the PIN", 0.4, paid, len(s.campaigns))
	if paid == len(s.campaigns) {
		t.Error("every guess succeeds")
	}
}
