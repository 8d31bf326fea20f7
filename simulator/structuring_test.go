package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestStructuringStaysJustBelowTheLimit(t *testing.T) {
	s := tell(t, "structuring")
	below, of := 0, 0
	for name, c := range s.campaigns {
		for _, a := range c {
			if a.Kind != atm.Withdrawal {
				continue
			}
			of++
			if a.Amount <= a.DailyLimit && a.Amount*10 >= a.DailyLimit*8 {
				below++
			}
		}
		if span := c[len(c)-1].Time - c[0].Time; span > 8*atm.Day {
			t.Errorf("%s lasts %s", name, span.Duration())
		}
	}
	mostly(t, "withdrawals just below the limit", 0.7, below, of)
}
