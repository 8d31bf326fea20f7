package dashboards_test

import (
	"math"
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

func same(t *testing.T, got, want string) {
	t.Helper()
	if got = strings.ReplaceAll(got, "\u00a0", " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFormat(t *testing.T) {
	same(t, dashboards.Count(0), "0")
	same(t, dashboards.Count(999), "999")
	same(t, dashboards.Count(1234567), "1,234,567")
	same(t, dashboards.Count(-1234), "−1,234")
	same(t, dashboards.Count(math.MinInt64), "−9,223,372,036,854,775,808")

	same(t, dashboards.Money(125000, "EUR"), "EUR 1,250.00")
	same(t, dashboards.Money(7, "EUR"), "EUR 0.07")
	same(t, dashboards.Money(5000, "JPY"), "JPY 5,000")
	same(t, dashboards.Money(1234567, "KWD"), "KWD 1,234.567")
	same(t, dashboards.Money(-500, ""), "−5.00")

	same(t, dashboards.Span(-atm.Second), "0 s")
	same(t, dashboards.Span(59*atm.Second), "59 s")
	same(t, dashboards.Span(90*atm.Minute), "90 min")
	same(t, dashboards.Span(100*atm.Minute), "100 min")
	same(t, dashboards.Span(150*atm.Minute), "2.5 h")
	same(t, dashboards.Span(36*atm.Hour), "36 h")
	same(t, dashboards.Span(49*atm.Hour), "2 d")

	same(t, dashboards.Score(0.99972), "0.999")
	same(t, dashboards.Score(1), "1.000")
	same(t, dashboards.Score(0), "0.000")

	same(t, dashboards.Value(3, "events", "EUR"), "3")
	same(t, dashboards.Value(48000, "minor units", "EUR"), "EUR 480.00")
	same(t, dashboards.Value(1178.4, "km", ""), "1,178 km")
	same(t, dashboards.Value(0.125, "share", ""), "12.5 %")
	same(t, dashboards.Value(1, "yes/no", ""), "yes")
	same(t, dashboards.Value(0, "yes/no", ""), "no")
	same(t, dashboards.Value(2460, "seconds", ""), "41 min")
	same(t, dashboards.Value(6.8, "times", ""), "6.8 ×")
	same(t, dashboards.Value(0.33333, "", ""), "0.333")
	same(t, dashboards.Value(math.NaN(), "", ""), "–")
	same(t, dashboards.Value(math.Inf(1), "km", ""), "– km")
}

func TestSeverity(t *testing.T) {
	f := func(score, threshold float64, want string) {
		t.Helper()
		same(t, dashboards.SeverityOf(score, threshold).Word, want)
	}
	f(0.6, 0.6, "Low")
	f(0.71, 0.6, "Medium")
	f(0.81, 0.6, "High")
	f(0.95, 0.6, "Critical")
	f(1, 1, "Low")
	f(0.1, 0.6, "Low")
}

func TestDistance(t *testing.T) {
	f := func(a, b dashboards.Point, km float64) {
		t.Helper()
		if got := dashboards.DistanceKM(a, b); math.Abs(got-km) > 1 {
			t.Errorf("%v to %v is %.1f km, want %.0f", a, b, got, km)
		}
	}
	f(dashboards.Point{Lon: 9.99, Lat: 53.55}, dashboards.Point{Lon: 13.40, Lat: 52.52}, 255)
	f(dashboards.Point{Lon: 179.5, Lat: 0}, dashboards.Point{Lon: -179.5, Lat: 0}, 111)
	f(dashboards.Point{Lon: 5, Lat: 5}, dashboards.Point{Lon: 5, Lat: 5}, 0)
}
