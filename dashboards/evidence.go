package dashboards

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"skimwatch/engine/atm"
)

// evidenceRow is one feature of an alert beside what is normal.
type evidenceRow struct {
	Feature      string
	Meaning      string
	Value        string
	Normal       string // the card's own range; empty when not known
	Population   string // that of the model's training data
	Outside      bool   // of the card's own range
	Gauge        gauge
	Contribution string
	Width        int // 0–50, of the contribution's bar
	Against      bool

	weight float64
}

// gauge draws a value against a range, in a box 120 wide.
type gauge struct {
	Known            bool
	Low, Span, Value string // x of the range's start, its width, x of the value
	Middle           string
}

const gaugeWidth = 120

func gaugeOf(x float64, r Range, ok bool) gauge {
	if !ok || math.IsNaN(x) {
		return gauge{}
	}
	lo, hi := min(x, r.Low), max(x, r.High)
	if hi <= lo {
		hi = lo + 1
	}
	at := func(v float64) float64 { return 6 + (gaugeWidth-12)*(v-lo)/(hi-lo) }
	return gauge{
		Known: true, Low: fixed1(at(r.Low) - 2), Span: fixed1(at(r.High) - at(r.Low) + 4), Value: fixed1(at(x)), Middle: fixed1(at(r.Median)),
	}
}

// evidence lists the alert's features, the strongest contribution first.
func (s *Server) evidence(a atm.Alert, normals, population map[string]Range) []evidenceRow {
	strongest := 0.0
	for _, e := range a.Evidence {
		strongest = max(strongest, math.Abs(e.Contribution))
	}
	var out []evidenceRow
	for _, e := range a.Evidence {
		text, ok := s.ports.Features(e.Feature)
		if !ok {
			text.Meaning = e.Feature
		}
		normal, known := normals[e.Feature]
		r := evidenceRow{
			Feature: e.Feature, Meaning: upper(text.Meaning), Value: value(e.Value, text.Unit, a.Currency), Gauge: gaugeOf(e.Value, normal, known),
			Normal: rangeText(normal, known, text.Unit, a.Currency), Outside: known && (e.Value < normal.Low || e.Value > normal.High),
			Contribution: signed(e.Contribution), Against: e.Contribution < 0, weight: math.Abs(e.Contribution),
		}
		p, known := population[e.Feature]
		r.Population = rangeText(p, known, text.Unit, a.Currency)
		if strongest > 0 {
			r.Width = int(50*r.weight/strongest + 0.5)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b evidenceRow) int { return cmp.Compare(b.weight, a.weight) })
	return out
}

// evidence shares the rows out: what speaks for fraud, what speaks against, and the rest.
func (d *detail) evidence(rows []evidenceRow) {
	const most = 8
	for _, r := range rows {
		switch {
		case r.Width >= 4 && r.Against && len(d.Counter) < 5:
			d.Counter = append(d.Counter, r)
		case r.Width >= 2 && !r.Against && len(d.Evidence) < most:
			d.Evidence = append(d.Evidence, r)
		default:
			d.Rest = append(d.Rest, r)
		}
	}
}

func rangeText(r Range, ok bool, unit, currency string) string {
	if !ok {
		return ""
	}
	low, high := value(r.Low, unit, currency), value(r.High, unit, currency)
	if low == high {
		return low
	}
	if unit == "minor units" {
		low = value(r.Low, unit, "")
		high = value(r.High, unit, "")
	}
	for _, u := range []string{" km/h", " km", " %", " ×"} {
		if strings.HasSuffix(low, u) && strings.HasSuffix(high, u) {
			low = strings.TrimSuffix(low, u)
		}
	}
	return low + "–" + high
}

func signed(x float64) string {
	switch {
	case math.Abs(x) < 0.0005:
		return "0"
	case x < 0:
		return fmt.Sprintf("−%.3f", -x)
	}
	return fmt.Sprintf("+%.3f", x)
}

func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func isRule(code string) bool { return strings.HasPrefix(code, "rule:") }

// reasonLabel names a reason code for lists: a feature by its meaning, a rule by its name.
func (s *Server) reasonLabel(code string) string {
	if rule, ok := strings.CutPrefix(code, "rule:"); ok {
		return "Rule: " + strings.ReplaceAll(rule, "_", " ")
	}
	if t, ok := s.ports.Features(code); ok && t.Meaning != "" {
		return upper(t.Meaning)
	}
	return code
}

// populationOf returns the ranges of the model that scored an alert.
func populationOf(models []Model, version string) map[string]Range {
	for _, m := range models {
		if m.Version == version {
			return m.Population
		}
	}
	return nil
}
