package simulator

import (
	"math"

	"skimwatch/engine/atm"
)

// city is a real place. Coordinates are of its centre, people are thousands within the city limits, offset is the
// distance of its standard time from UTC in hours.
type city struct {
	name    string
	country string
	lat     float64
	lon     float64
	people  float64
	offset  int
	home    bool // customers of our issuers live here; the others are places to travel to

	machines []int32 // busiest first
	busy     weights // over machines
}

func cities() []city {
	return []city{
		{name: "Berlin", country: "DE", lat: 52.5200, lon: 13.4050, people: 3760, offset: 1, home: true},
		{name: "Hamburg", country: "DE", lat: 53.5511, lon: 9.9937, people: 1890, offset: 1, home: true},
		{name: "Munich", country: "DE", lat: 48.1351, lon: 11.5820, people: 1510, offset: 1, home: true},
		{name: "Cologne", country: "DE", lat: 50.9375, lon: 6.9603, people: 1085, offset: 1, home: true},
		{name: "Frankfurt", country: "DE", lat: 50.1109, lon: 8.6821, people: 770, offset: 1, home: true},
		{name: "Paris", country: "FR", lat: 48.8566, lon: 2.3522, people: 2100, offset: 1, home: true},
		{name: "Marseille", country: "FR", lat: 43.2965, lon: 5.3698, people: 873, offset: 1, home: true},
		{name: "Lyon", country: "FR", lat: 45.7640, lon: 4.8357, people: 522, offset: 1, home: true},
		{name: "Madrid", country: "ES", lat: 40.4168, lon: -3.7038, people: 3300, offset: 1, home: true},
		{name: "Barcelona", country: "ES", lat: 41.3874, lon: 2.1686, people: 1640, offset: 1, home: true},
		{name: "Valencia", country: "ES", lat: 39.4699, lon: -0.3763, people: 800, offset: 1, home: true},
		{name: "Rome", country: "IT", lat: 41.9028, lon: 12.4964, people: 2750, offset: 1, home: true},
		{name: "Milan", country: "IT", lat: 45.4642, lon: 9.1900, people: 1370, offset: 1, home: true},
		{name: "Naples", country: "IT", lat: 40.8518, lon: 14.2681, people: 910, offset: 1, home: true},
		{name: "Turin", country: "IT", lat: 45.0703, lon: 7.6869, people: 850, offset: 1, home: true},
		{name: "Vienna", country: "AT", lat: 48.2082, lon: 16.3738, people: 1980, offset: 1, home: true},
		{name: "Graz", country: "AT", lat: 47.0707, lon: 15.4395, people: 300, offset: 1, home: true},
		{name: "Brussels", country: "BE", lat: 50.8503, lon: 4.3517, people: 1220, offset: 1, home: true},
		{name: "Antwerp", country: "BE", lat: 51.2194, lon: 4.4025, people: 530, offset: 1, home: true},
		{name: "Amsterdam", country: "NL", lat: 52.3676, lon: 4.9041, people: 920, offset: 1, home: true},
		{name: "Rotterdam", country: "NL", lat: 51.9244, lon: 4.4777, people: 660, offset: 1, home: true},
		{name: "Lisbon", country: "PT", lat: 38.7223, lon: -9.1393, people: 550, offset: 0, home: true},
		{name: "Porto", country: "PT", lat: 41.1579, lon: -8.6291, people: 232, offset: 0, home: true},
		{name: "Dublin", country: "IE", lat: 53.3498, lon: -6.2603, people: 590, offset: 0, home: true},
		{name: "Athens", country: "GR", lat: 37.9838, lon: 23.7275, people: 640, offset: 2, home: true},
		{name: "Helsinki", country: "FI", lat: 60.1699, lon: 24.9384, people: 665, offset: 2, home: true},
		{name: "Riga", country: "LV", lat: 56.9496, lon: 24.1052, people: 605, offset: 2, home: true},
		{name: "Vilnius", country: "LT", lat: 54.6872, lon: 25.2797, people: 590, offset: 2, home: true},
		{name: "Bratislava", country: "SK", lat: 48.1486, lon: 17.1077, people: 475, offset: 1, home: true},
		{name: "Ljubljana", country: "SI", lat: 46.0569, lon: 14.5058, people: 285, offset: 1, home: true},
		{name: "London", country: "GB", lat: 51.5072, lon: -0.1276, people: 8870, offset: 0},
		{name: "Prague", country: "CZ", lat: 50.0755, lon: 14.4378, people: 1360, offset: 1},
		{name: "Zurich", country: "CH", lat: 47.3769, lon: 8.5417, people: 440, offset: 1},
		{name: "Istanbul", country: "TR", lat: 41.0082, lon: 28.9784, people: 15600, offset: 3},
		{name: "New York", country: "US", lat: 40.7128, lon: -74.0060, people: 8260, offset: -5},
		{name: "Dubai", country: "AE", lat: 25.2048, lon: 55.2708, people: 3600, offset: 4},
		{name: "Bangkok", country: "TH", lat: 13.7563, lon: 100.5018, people: 5500, offset: 7},
		{name: "Sao Paulo", country: "BR", lat: -23.5505, lon: -46.6333, people: 11450, offset: -3},
	}
}

// share is the city's part of all terminals: by people at home, a thin network elsewhere.
func (c *city) share() float64 {
	if c.home {
		return c.people
	}
	return 500
}

// hour returns the instant in the day that starts at from at which the given hour of the city's clock begins.
func (c *city) hour(from atm.Time, hour int) atm.Time {
	after := (atm.Time(hour-c.offset)*atm.Hour - from) % atm.Day
	return from + (after+atm.Day)%atm.Day
}

// kilometres is the great-circle distance by the haversine formula on a sphere of radius 6371 km.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dlat, dlon := (lat2-lat1)*rad/2, (lon2-lon1)*rad/2
	h := math.Sin(dlat)*math.Sin(dlat) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dlon)*math.Sin(dlon)
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1)))
}
