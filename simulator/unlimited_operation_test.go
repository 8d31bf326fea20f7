package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestAnUnlimitedOperationPassesTheLimitInManyCountries(t *testing.T) {
	s := tell(t, "unlimited_operation")
	for name, c := range s.campaigns {
		if n := distinct(c, func(a *act) string { return a.BIN }); n != 1 {
			t.Errorf("%s: %d issuers", name, n)
		}
		if n := distinct(c, func(a *act) string { return a.Country }); n < 3 {
			t.Errorf("%s: %d countries", name, n)
		}
		if !weekend(c[0].Time) {
			t.Errorf("%s begins on a %s", name, c[0].Time.Std().Weekday())
		}
		cards, acts := victims(c)
		above := 0
		for _, card := range cards {
			sum := int64(0)
			for _, a := range acts[card] {
				if a.Kind == atm.Withdrawal && a.Response == atm.Approved {
					sum += a.Amount
				}
			}
			if sum > acts[card][0].DailyLimit/2 { // the limit shown is the one just asked for, twice the old one
				above++
			}
		}
		mostly(t, name+": cards above their limit", 0.5, above, len(cards))
	}
}
