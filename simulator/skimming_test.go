package simulator

import "testing"

func TestSkimmingVictimsShareAMachineAndAreEmptiedElsewhere(t *testing.T) {
	s := tell(t, "skimming")
	for name, c := range s.campaigns {
		if len(s.sharedMachines(c)) == 0 {
			t.Errorf("%s: no machine that all victims had used", name)
		}
		cards, acts := victims(c)
		for _, card := range cards {
			honest := s.honestBefore(card, acts[card][0].Time)
			home, first := honest[0], acts[card][0]
			if d := kilometres(home.Lat, home.Lon, first.Lat, first.Lon); d < 20 {
				t.Errorf("%s: cashed out %.0f km from where the card was used first", name, d)
			}
			for _, a := range acts[card] {
				if !a.stripe() {
					t.Errorf("%s: a copy was read by %s", name, a.Entry)
				}
			}
		}
	}
}
