package dashboards

import (
	"fmt"
	"math"

	"skimwatch/engine/atm"
)

const insetWidth, insetHeight = 300, 150

// movement is the way of the card to the alerted terminal.
type movement struct {
	Known         bool // both places are known
	Same          bool // at the same place
	From, To      string
	KM, Time, KMH string
	Impossible    bool // faster than an airliner, over more than 50 km
	Width, Height int
	Land          string
	X1, Y1        string
	X2, Y2        string
	Curve         string
	Scale         string // what the scale bar says
	ScaleEnd      string // x where it ends
	Earlier       []mapDot
}

// movement compares the alert's place with that of the card's newest earlier event that has one. Events are newest first.
func (s *Server) movement(events []Event, a atm.Alert) movement {
	if !a.HasPlace {
		return movement{}
	}
	here := point{a.Lon, a.Lat}
	before, earlier := cameFrom(events, a)
	if before == nil {
		return movement{}
	}
	there := point{before.Lon, before.Lat}
	m := movement{
		Known: true, From: place(before.City, before.Country), To: place(a.City, a.Country), Width: insetWidth, Height: insetHeight,
		Time: span(a.Time - before.Time),
	}
	if m.From == "" {
		m.From = before.ATM
	}
	if m.To == "" {
		m.To = a.ATM
	}
	km := distanceKM(here, there)
	m.Same = km < 0.05
	m.KM = kilometres(km)
	m.speed(km, a.Time-before.Time)
	m.draw(s.outline, here, there, earlier)
	return m
}

// cameFrom returns the card's event before the alerted one, if its place is known, and further places before that.
func cameFrom(events []Event, a atm.Alert) (before *atm.Transaction, earlier []point) {
	for i := range events {
		t := &events[i].Transaction
		if t.ID == a.Transaction || t.Time > a.Time || !t.Is(atm.HasPlace) {
			continue
		}
		if before == nil {
			before = t
		} else if len(earlier) < 8 {
			earlier = append(earlier, point{t.Lon, t.Lat})
		}
	}
	return before, earlier
}

func (m *movement) speed(km float64, t atm.Time) {
	hours := float64(t) / float64(atm.Hour)
	if hours <= 0 {
		m.KMH = absent
		m.Impossible = km > 50
		return
	}
	kmh := km / hours
	m.KMH = count(int64(kmh+0.5)) + " km/h"
	m.Impossible = kmh > 800 && km > 50
}

func (m *movement) draw(o *outline, here, there point, earlier []point) {
	points := append([]point{here, there}, nearby(earlier, here, there)...)
	v := viewOf(points, insetWidth, insetHeight, 0.05)
	m.Land = o.path(v)
	x1, y1 := v.at(there)
	x2, y2 := v.at(here)
	m.X1, m.Y1, m.X2, m.Y2 = fixed1(x1), fixed1(y1), fixed1(x2), fixed1(y2)
	m.Curve = fmt.Sprintf("M%.1f %.1fQ%.1f %.1f %.1f %.1f", x1, y1, (x1+x2)/2, (y1+y2)/2-0.18*math.Abs(x2-x1), x2, y2)
	for _, p := range points[2:] {
		x, y := v.at(p)
		m.Earlier = append(m.Earlier, mapDot{X: fixed1(x), Y: fixed1(y), R: "2.5"})
	}
	perKM := v.scaleY / kmPerDegree
	bar := math.Pow(10, math.Floor(math.Log10(90/perKM)))
	for _, k := range []float64{5, 2} {
		if k*bar*perKM <= 90 {
			bar *= k
			break
		}
	}
	m.Scale, m.ScaleEnd = kilometres(bar), fixed1(10+bar*perKM)
}

// nearby leaves out places that would shrink the way itself to a dot.
func nearby(earlier []point, here, there point) []point {
	reach := max(3*distanceKM(here, there), 10)
	var out []point
	for _, p := range earlier {
		if min(distanceKM(p, here), distanceKM(p, there)) < reach {
			out = append(out, p)
		}
	}
	return out
}

func kilometres(km float64) string {
	if km < 10 {
		return number(math.Round(km*10)/10) + " km"
	}
	return count(int64(km+0.5)) + " km"
}

const kmPerDegree = math.Pi * 6371 / 180

// distanceKM is the great-circle distance on a sphere of 6,371 km (R. W. Sinnott, "Virtues of the Haversine", 1984).
func distanceKM(a, b point) float64 {
	const rad = math.Pi / 180
	dLat, dLon := math.Sin((b.Lat-a.Lat)*rad/2), math.Sin((b.Lon-a.Lon)*rad/2)
	h := dLat*dLat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*dLon*dLon
	return 2 * 6371 * math.Asin(math.Sqrt(min(1, h)))
}
