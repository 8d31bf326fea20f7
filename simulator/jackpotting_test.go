package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestJackpottingPaysWithoutAWithdrawal(t *testing.T) {
	s := tell(t, "jackpotting")
	honest := 0
	for _, acts := range s.byCard {
		for _, a := range acts {
			if a.Kind == atm.Dispense && a.campaign == "" {
				honest++
			}
		}
	}
	if honest == 0 {
		t.Error("no test dispense of a technician: the kind alone gives the crime away")
	}
	for name, c := range s.campaigns {
		if n := distinct(c, func(a *act) string { return a.ATM }); n != 1 || len(c) < 5 {
			t.Errorf("%s: %d dispenses at %d machines", name, len(c), n)
		}
		for i, a := range c {
			if a.Kind != atm.Dispense || a.BIN != "" || i > 0 && a.Time-c[i-1].Time > atm.Minute {
				t.Errorf("%s: %s at %s with issuer %q", name, a.Kind, a.Time, a.BIN)
			}
		}
	}
}
