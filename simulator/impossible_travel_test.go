package simulator

import "testing"

func TestACopyIsTooFarAwayForTheTime(t *testing.T) {
	s := tell(t, "impossible_travel")
	too := 0
	for _, c := range s.campaigns {
		a := c[0]
		for _, o := range s.honestBefore(a.Card, a.Time) {
			if impossible(&o, &a) {
				too++
				break
			}
		}
	}
	mostly(t, "copies that are too far away for the time", 0.85, too, len(s.campaigns))
}

// impossible says whether nobody can have been at both machines.
func impossible(a, b *act) bool {
	d := kilometres(a.Lat, a.Lon, b.Lat, b.Lon)
	return d > 50 && d > 800*(b.Time-a.Time).Duration().Hours()
}

// Honest people travel, share cards, move house and work at night, but are never in two places at once.
func TestHonestPeopleAreNeverTooFarAway(t *testing.T) {
	w, e := world(t, Config{Seed: 9, Cards: 3000, ATMs: 250, Days: 90, FraudRate: -1}), Event{}
	last, abroad := map[string]act{}, 0
	for w.Next(&e) {
		a := act{Transaction: e.Transaction}
		if o, ok := last[a.Card]; ok && impossible(&o, &a) {
			t.Errorf("%s was in %s at %s and in %s at %s", a.Card, o.City, o.Time, a.City, a.Time)
		} else if ok && o.Country != a.Country {
			abroad++
		}
		last[a.Card] = a
	}
	if abroad < 300 {
		t.Errorf("only %d journeys across a border", abroad)
	}
}
