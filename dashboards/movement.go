package dashboards

import (
	"fmt"
	"math"
	"strings"

	"skimwatch/engine/atm"
)

const insetWidth, insetHeight = 300, 150

// movement is the way of the card to the place of the alerted terminal.
type movement struct {
	Known         bool // the place and an earlier one are known
	Same          bool // all earlier events were at this place
	From, To      string
	KM, Time, KMH string
	Since         string // how long the card had been here before the alert; empty when it just came
	Impossible    bool   // faster than an airliner, over more than 50 km
	Width, Height int
	Land          string
	X1, Y1        string
	X2, Y2        string
	Curve         string
	Scale         string // what the scale bar says
	ScaleEnd      string // x where it ends
	Grid          string // a square is as wide as the scale bar
	Earlier       []mapDot
}

// samePlace is how far apart, in km, terminals of one place may stand.
const samePlace = 0.5

// movement finds where the card came from before it came to the alert's place. Events are newest first.
func (s *Server) movement(events []Event, a atm.Alert) movement {
	before := placed(events, a)
	if !a.HasPlace || len(before) == 0 {
		return movement{}
	}
	here := point{a.Lon, a.Lat}
	arrived, stayed := a.Time, 0
	for stayed < len(before) && distanceKM(here, before[stayed].at()) < samePlace {
		arrived = before[stayed].Time
		stayed++
	}
	m := movement{Known: true, To: orElse(place(a.City, a.Country), a.ATM), Width: insetWidth, Height: insetHeight}
	if stayed == len(before) {
		m.Same, m.Time = true, span(a.Time-arrived)
		m.draw(s.outline, here, here, nil, 5)
		return m
	}
	from := before[stayed]
	km := distanceKM(here, from.at())
	m.From, m.Time, m.KM = orElse(place(from.City, from.Country), from.ATM), span(arrived-from.Time), kilometres(km)
	if stayed > 0 {
		m.Since = span(a.Time - arrived)
	}
	m.speed(km, arrived-from.Time)
	var earlier []point
	for _, e := range before[stayed+1:] {
		earlier = append(earlier, e.at())
	}
	m.draw(s.outline, here, from.at(), earlier, 0.05)
	return m
}

// stop is an event whose place is known.
type stop struct{ *atm.Transaction }

func (e stop) at() point { return point{e.Lon, e.Lat} }

// placed returns the events before the alerted one at which the card stood at a known place, newest first.
func placed(events []Event, a atm.Alert) (out []stop) {
	for i := range events {
		if t := &events[i].Transaction; t.ID != a.Transaction && t.Time <= a.Time && t.Is(atm.HasPlace) {
			out = append(out, stop{t})
		}
	}
	return out
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

// draw shows at least span degrees of latitude.
func (m *movement) draw(o *outline, here, there point, earlier []point, span float64) {
	points := append([]point{here, there}, nearby(earlier, here, there)...)
	v := viewOf(points, insetWidth, insetHeight, span)
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
	m.Grid = gridPath(10, 142, bar*perKM)
}

// gridPath draws lines a step apart that pass through (x, y).
func gridPath(x, y, step float64) string {
	var b strings.Builder
	for at := math.Mod(x, step); at < insetWidth; at += step {
		fmt.Fprintf(&b, "M%.1f 0V%d", at, insetHeight)
	}
	for at := math.Mod(y, step); at < insetHeight; at += step {
		fmt.Fprintf(&b, "M0 %.1fH%d", at, insetWidth)
	}
	return b.String()
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
