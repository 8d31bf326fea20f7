package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestATrappedCardBreaksOffAndIsUsedNearby(t *testing.T) {
	s := tell(t, "card_trapping")
	for name, c := range s.campaigns {
		cards, acts := victims(c)
		for _, card := range cards {
			first := acts[card][0]
			honest := s.honestBefore(card, first.Time)
			trapped := false
			for _, a := range honest {
				trapped = trapped || a.Response == atm.SystemError && first.Time-a.Time < 2*atm.Hour && a.City == first.City
			}
			if !trapped || first.Entry != atm.Chip {
				t.Errorf("%s: no broken-off event before, or the card was read by %s", name, first.Entry)
			}
		}
	}
}
