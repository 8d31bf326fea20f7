package feature

import (
	"math"
	"testing"

	"skimwatch/engine/atm"
)

func TestTravel(t *testing.T) {
	f := expect(t)
	paris := place(48.8566, 2.3522)
	london := place(51.5074, -0.1278)
	// time
	f("card_seconds_since_last", never, at(0))
	f("card_seconds_since_last", 90, at(0), at(1.5))
	f("card_seconds_since_last", 0, at(0), at(0))
	f("card_seconds_since_last", never, at(0), at(40*24*60))
	f("card_seconds_since_last", never, at(0, card("other")), at(5))
	// a late event looks at what was before it, not at what came first
	f("card_seconds_since_last", 60, at(0), at(10), at(1))
	f("card_seconds_since_last", never, at(10), at(1))
	// distance: Paris to London is 343.6 km on a sphere of 6,371 km
	f("card_km_since_last", 0, at(0, paris))
	f("card_km_since_last", 0, at(0, paris), at(9, paris))
	f("card_km_since_last", 343.556, at(0, paris), at(60, london))
	f("card_kmh_since_last", 343.556-5, at(0, paris), at(60, london))
	// at one instant the speed is that over half a minute, and it is bounded
	f("card_kmh_since_last", (343.55595-5)*120, at(0, paris), at(0, london))
	f("card_kmh_since_last", 100_000, at(0, place(90, 0)), at(0, place(-90, 180)))
	f("card_km_since_last", math.Pi*6371, at(0, place(90, 0)), at(0, place(-90, 180)))
	f("card_km_since_last", 222.39, at(0, place(0, 179)), at(9, place(0, -179)))
	// terminals of one town are no travel
	f("card_kmh_since_last", 0, at(0, place(47, 8)), at(0.1, place(47.03, 8.03)))
	// no place, no distance; what needs no card at the terminal is no place either
	f("card_km_since_last", 0, at(0, nowhere), at(9, london))
	f("card_km_since_last", 0, at(0, paris), at(9, nowhere))
	f("card_km_since_last", 0, at(0, paris), at(9, london, kind(atm.LimitChange)))
	f("card_km_since_last", 0, at(0, paris, kind(atm.Dispense)), at(9, london))
	f("card_km_since_last", 343.556, at(0, paris), at(5, nowhere), at(6, kind(atm.ContactChange)), at(9, london))
	// a late event is held against the place before it
	f("card_km_since_last", 0, at(0, paris), at(60, london), at(30, paris))
	// the original of a duplicate is not its own past
	f("card_seconds_since_last", 300, at(0), at(5, id("x")), at(5, id("x")))
	f("card_km_since_last", 343.556, at(0, paris), at(60, london, id("x")), at(60, london, id("x")))
}

func TestHaversine(t *testing.T) {
	f := func(lat1, lon1, lat2, lon2, want float64) {
		t.Helper()
		a, b := Haversine(lat1, lon1, lat2, lon2), Haversine(lat2, lon2, lat1, lon1)
		if math.Abs(a-want) > 0.01 || math.Abs(a-b) > 1e-9 {
			t.Errorf("%v and %v km, want %v", a, b, want)
		}
	}
	f(0, 0, 0, 0, 0)
	f(0, 0, 0, 1, 111.195)
	f(0, 0, 0, 180, math.Pi*6371)
	f(-90, 0, 90, 77, math.Pi*6371)
	f(40.7128, -74.0060, 35.6762, 139.6503, 10851.73)
}
