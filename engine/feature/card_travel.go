package feature

import (
	"math"

	"skimwatch/engine/atm"
)

// cardTravel compares the event with the card's last one in time and place.
func cardTravel() []Feature {
	return []Feature{{
		Name: "card_seconds_since_last", Title: "Since the card's last event", Entity: OfTransaction, Aggregate: "last", Of: "time", Unit: "seconds", Default: never,
		Meaning: "time since the card's event before this one, at most 30 days", says: "%s since the card was last used",
		card: func(v *cardView) float64 {
			if v.last == nil {
				return never
			}
			return min(never, float64(int64(v.t.Time)-v.last.Time)/float64(atm.Second))
		},
	}, {
		Name: "card_km_since_last", Title: "Distance from the last event", Entity: OfTransaction, Aggregate: "last", Of: "lat,lon", Unit: "km",
		Meaning: "great-circle distance from where the card was last used", says: "%s from where the card was last used",
		card: func(v *cardView) float64 { return distance(v) },
	}, {
		Name: "card_kmh_since_last", Title: "Speed needed from the last event", Entity: OfTransaction, Aggregate: "last", Of: "lat,lon,time", Unit: "km/h",
		Meaning: "speed needed to come from where the card was last used, counting only the distance over 5 km, at most 100,000 km/h", says: "%s would be needed from where the card was last used",
		card: func(v *cardView) float64 {
			// Terminals of one town are not travel, and clocks are off by seconds.
			km := distance(v) - 5
			if km <= 0 {
				return 0
			}
			hours := float64(int64(v.t.Time)-v.there.Time) / float64(atm.Hour)
			return min(100_000, km/max(hours, 1.0/120))
		},
	}}
}

// distance is in km, zero when either place is unknown.
func distance(v *cardView) float64 {
	if v.there == nil || !v.t.Is(atm.HasPlace) || !present(v.t.Kind) {
		return 0
	}
	// Both sides are rounded alike, so that the same place is at distance zero.
	return Haversine(float64(v.there.Lat), float64(v.there.Lon), float64(float32(v.t.Lat)), float64(float32(v.t.Lon)))
}

// Haversine returns the great-circle distance in km of two points in degrees, on a sphere of 6,371 km (R. W. Sinnott,
// "Virtues of the Haversine", 1984). The conversions keep compilers from fusing operations, so that every machine gets the same bits.
func Haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := math.Sin(float64((lat2-lat1)*rad)/2), math.Sin(float64((lon2-lon1)*rad)/2)
	h := float64(dLat*dLat) + float64(float64(math.Cos(lat1*rad)*math.Cos(lat2*rad))*float64(dLon*dLon))
	return 2 * 6371 * math.Asin(math.Sqrt(between(0, 1, h)))
}
