package simulator

import "testing"

func TestFootprintClonesStayAtHome(t *testing.T) {
	s := tell(t, "footprint_clone")
	near, of := 0, 0
	for name, c := range s.campaigns {
		if len(s.sharedMachines(c)) == 0 {
			t.Errorf("%s: no machine that all victims had used", name)
		}
		cards, acts := victims(c)
		for _, card := range cards {
			honest := s.honestBefore(card, acts[card][0].Time)
			of++
			if honest[0].City == acts[card][0].City {
				near++
			}
			for _, a := range acts[card] {
				if !a.stripe() {
					t.Errorf("%s: a copy was read by %s", name, a.Entry)
				}
			}
		}
	}
	mostly(t, "copies used in the home city", 0.8, near, of)
}
