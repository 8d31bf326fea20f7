package dashboards

import (
	"fmt"
	"math"
	"slices"
)

const mapWidth, mapHeight = 860, 430

type mapDot struct {
	X, Y, R string
	Title   string
	Link    string
}

// alertMap is the terminals with alerts on the outline of the world, around where they stand.
type alertMap struct {
	Width, Height int
	Land          string // path data
	Dots          []mapDot
	Unplaced      int // alerts at terminals whose place is not known
}

func (s *Server) alertMap(terminals []ATMAlerts) alertMap {
	m := alertMap{Width: mapWidth, Height: mapHeight}
	var points []point
	most := int64(1)
	for _, t := range terminals {
		if t.HasPlace {
			points = append(points, point{t.Lon, t.Lat})
			most = max(most, t.Alerts)
		} else {
			m.Unplaced += int(t.Alerts)
		}
	}
	v := viewOf(points, mapWidth, mapHeight, 6)
	m.Land = s.outline.path(v)
	placed := slices.DeleteFunc(slices.Clone(terminals), func(t ATMAlerts) bool { return !t.HasPlace })
	for _, t := range placed { // the largest first, so that small dots lie on top
		x, y := v.at(point{t.Lon, t.Lat})
		m.Dots = append(m.Dots, mapDot{
			X: fixed1(x), Y: fixed1(y), R: fixed1(2.5 + 9*math.Sqrt(float64(t.Alerts)/float64(most))),
			Title: fmt.Sprintf("%s, %s: %s alerts", t.ATM, place(t.City, t.Country), count(t.Alerts)),
			Link:  Filter{Status: Open, ATM: t.ATM}.url("/queue"),
		})
	}
	return m
}

func fixed1(x float64) string { return fmt.Sprintf("%.1f", x) }
