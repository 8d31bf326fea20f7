package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestARelayedTapIsTheFirstOneAndElsewhere(t *testing.T) {
	s := tell(t, "relay")
	first, elsewhere, of := 0, 0, 0
	for name, c := range s.campaigns {
		a, new := c[0], true
		of++
		for _, o := range s.honestBefore(a.Card, a.Time) {
			new = new && o.Entry != atm.Contactless
			if a.Time-o.Time <= atm.Hour+atm.Minute && o.ATM != a.ATM {
				elsewhere++
				break
			}
		}
		if new {
			first++
		}
		if a.Entry != atm.Contactless {
			t.Errorf("%s was read by %s", name, a.Entry)
		}
	}
	mostly(t, "first taps of the card", 0.6, first, of)
	mostly(t, "cards used elsewhere within the hour", 0.8, elsewhere, of)
}
