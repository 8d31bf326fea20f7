package dashboards_test

import (
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

func TestMovement(t *testing.T) {
	at := func(minute atm.Time, id, city string, lat, lon float64) dashboards.Event {
		return dashboards.Event{Transaction: atm.Transaction{ID: id, Time: minute * atm.Minute, City: city, ATM: "ATM-" + city, Lat: lat, Lon: lon, Has: atm.HasPlace}}
	}
	nowhere := dashboards.Event{Transaction: atm.Transaction{ID: "n", Time: 99 * atm.Minute}}
	alert := atm.Alert{Transaction: "x", Time: 100 * atm.Minute, City: "Berlin", Lat: 52.52, Lon: 13.40, HasPlace: true}
	x := at(100, "x", "Berlin", 52.52, 13.40)
	f := func(want string, a atm.Alert, events ...dashboards.Event) {
		t.Helper()
		m := dashboards.MovementOf(events, a)
		got := "unknown"
		switch {
		case m.Same:
			got = "same " + m.To + " " + m.Time
		case m.Known:
			got = strings.Join([]string{m.From, m.To, m.KM, m.Time, m.KMH, m.Since}, " ")
			if m.Impossible {
				got += " impossible"
			}
		}
		same(t, strings.TrimSpace(got), want)
	}
	f("Hamburg Berlin 255 km 100 min 153 km/h", alert, x, at(0, "h", "Hamburg", 53.55, 9.99))
	f("Hamburg Berlin 255 km 10 min 1,531 km/h  impossible", alert, x, nowhere, at(90, "h", "Hamburg", 53.55, 9.99))
	f("Hamburg Berlin 255 km 20 min 765 km/h 40 min", alert, x, at(80, "b2", "Berlin", 52.52, 13.401), at(60, "b1", "Berlin", 52.521, 13.40), at(40, "h", "Hamburg", 53.55, 9.99))
	f("Hamburg Berlin 255 km 0 s –  impossible", alert, x, at(100, "h", "Hamburg", 53.55, 9.99))
	f("same Berlin 60 min", alert, x, at(40, "b", "Berlin", 52.52, 13.40))
	f("unknown", alert, x)
	f("unknown", alert)
	f("unknown", alert, x, at(120, "later", "Hamburg", 53.55, 9.99))
	f("unknown", atm.Alert{Transaction: "x", Time: 100 * atm.Minute}, at(40, "b", "Berlin", 52.52, 13.40))
}
