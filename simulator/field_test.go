package simulator

import (
	"fmt"
	"math"
	"sort"
	"testing"

	"skimwatch/engine/atm"
)

// tally counts honest and fraudulent transactions per value of one raw field.
type tally map[string]*[2]int

func (y tally) add(value string, fraud bool) {
	n := y[value]
	if n == nil {
		n = &[2]int{}
		y[value] = n
	}
	if fraud {
		n[1]++
	} else {
		n[0]++
	}
}

// averagePrecision is the PR-AUC of the best detector that sees nothing but this field: values ranked by the share of
// fraud that they had in this very sample.
func (y tally) averagePrecision() float64 {
	values, frauds := [][2]int{}, 0
	for _, n := range y {
		values = append(values, *n)
		frauds += n[1]
	}
	share := func(n [2]int) float64 { return float64(n[1]) / float64(n[0]+n[1]) }
	sort.Slice(values, func(i, j int) bool { return share(values[i]) > share(values[j]) })
	sum, hit, seen := 0.0, 0, 0
	for _, n := range values {
		hit, seen = hit+n[1], seen+n[0]+n[1]
		sum += float64(n[1]) / float64(frauds) * float64(hit) / float64(seen)
	}
	return sum
}

func TestAveragePrecisionOfATally(t *testing.T) {
	y := tally{"a": {0, 10}, "b": {90, 0}}
	if ap := y.averagePrecision(); ap != 1 {
		t.Errorf("a field that tells all: average precision %v, want 1", ap)
	}
	y = tally{"a": {90, 10}}
	if ap := y.averagePrecision(); ap != 0.1 {
		t.Errorf("a field that tells nothing: average precision %v, want 0.1", ap)
	}
}

// A simulator whose fraud can be found by one field is worthless.
func TestNoSingleFieldGivesFraudAway(t *testing.T) {
	fields := map[string]func(*atm.Transaction) string{
		"amount":       func(t *atm.Transaction) string { return bucket(t.Amount) },
		"hour":         func(t *atm.Transaction) string { return fmt.Sprint(t.Time.Std().Hour()) },
		"weekday":      func(t *atm.Transaction) string { return t.Time.Std().Weekday().String() },
		"entry":        func(t *atm.Transaction) string { return t.Entry.String() },
		"response":     func(t *atm.Transaction) string { return string(t.Response) },
		"kind":         func(t *atm.Transaction) string { return t.Kind.String() },
		"country":      func(t *atm.Transaction) string { return t.Country },
		"city":         func(t *atm.Transaction) string { return t.City },
		"bin":          func(t *atm.Transaction) string { return t.BIN },
		"daily limit":  func(t *atm.Transaction) string { return fmt.Sprint(t.DailyLimit) },
		"balance":      func(t *atm.Transaction) string { return bucket(t.BalanceAfter) },
		"reversal why": func(t *atm.Transaction) string { return t.ReversalReason },
	}
	tallies := map[string]tally{}
	for name := range fields {
		tallies[name] = tally{}
	}
	w, e := world(t, Config{Days: 60}), Event{}
	for w.Next(&e) {
		for name, of := range fields {
			tallies[name].add(of(&e.Transaction), len(e.Labels) > 0)
		}
	}
	for name, y := range tallies {
		ap := y.averagePrecision()
		t.Logf("%-12s average precision %.3f", name, ap)
		if ap > 0.1 {
			t.Errorf("%s alone reaches an average precision of %.3f, more than 0.1", name, ap)
		}
	}
}

// bucket puts amounts into steps of a tenth.
func bucket(minor int64) string {
	if minor <= 0 {
		return "0"
	}
	return fmt.Sprint(int(10 * math.Log(float64(minor))))
}
