package score

import (
	"math"
	"slices"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// linear is the smallest model there is: a base and a weight per feature.
type linear struct {
	base    float64
	weights map[string]float64
}

func (m linear) Score(vector []float64) float64 {
	sum := m.base
	for name, w := range m.weights {
		sum += w * vector[feature.Index(name)]
	}
	return sum
}

func (m linear) Explain(vector, contributions []float64) float64 {
	for name, w := range m.weights {
		contributions[feature.Index(name)] = w * vector[feature.Index(name)]
	}
	return m.base
}

// withdrawal is a score before its decision, of a vector with the given values.
func withdrawal(values map[string]float64) *atm.Score {
	s := &atm.Score{Vector: make([]float64, feature.Size()), FeatureSet: feature.Hash()}
	s.Transaction = atm.Transaction{ID: "t1", Time: 5, Card: "c", ATM: "A", Kind: atm.Withdrawal, Amount: 20000, Currency: "CHF", Response: atm.Approved, Has: atm.HasAmount}
	for name, v := range values {
		s.Vector[feature.Index(name)] = v
	}
	return s
}

// Two rules: travel stands 0.8 of the way from the threshold to 1, guessing 0.5.
var (
	travel   = map[string]float64{"card_km_since_last": 400, "card_kmh_since_last": 5000}
	guessing = map[string]float64{"card_wrong_pins_10m": 2, "card_amount_to_largest": 3, "card_limit_share": 0.9}
)

func both(maps ...map[string]float64) map[string]float64 {
	all := map[string]float64{}
	for _, m := range maps {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func TestDecide(t *testing.T) {
	f := func(v Version, values map[string]float64, flags atm.Flags, wantScore float64, want atm.Decision, codes string) {
		t.Helper()
		s := withdrawal(values)
		s.Flags = flags
		s.Reasons = []atm.Reason{{Code: "left over"}}
		d := NewDecider(v)
		d.Decide(s)
		if math.Abs(s.Score-wantScore) > 1e-12 || s.Decision != want || s.Threshold != v.Threshold || s.Model != v.Name || s.Rules == "" {
			t.Fatalf("%v %s at %v by %q and %q, want %v %s", s.Score, s.Decision, s.Threshold, s.Model, s.Rules, wantScore, want)
		}
		var got []string
		for i, r := range s.Reasons {
			got = append(got, r.Code)
			if r.Text == "" || i > 0 && magnitude(r.Contribution) > magnitude(s.Reasons[i-1].Contribution) {
				t.Errorf("reason %d: %+v after %+v", i, r, s.Reasons[max(0, i-1)])
			}
		}
		if strings.Join(got, " ") != codes {
			t.Errorf("reasons %v, want %s", got, codes)
		}
	}
	model := func(base, threshold float64) Version {
		return Version{Name: "m/1", Threshold: threshold, Model: linear{base, map[string]float64{"card_new_atm": 0.25, "hour": -0.125, "card_new_entry": 0.0625}}}
	}
	// no model: rules decide alone
	f(NoModel, nil, 0, 0, atm.Pass, "")
	f(NoModel, travel, 0, 0.5+0.5*0.8, atm.Alerts, "rule:impossible_travel")
	f(NoModel, travel, atm.Late|atm.Future|atm.Overflow, 0.9, atm.Alerts, "rule:impossible_travel")
	// the threshold itself alerts, the number before it does not
	f(model(0.5, 0.5), nil, 0, 0.5, atm.Alerts, "")
	f(model(math.Nextafter(0.5, 0), 0.5), nil, 0, 0.5, atm.Pass, "")
	f(model(0, 0.25), map[string]float64{"card_new_atm": 1}, 0, 0.25, atm.Alerts, "card_new_atm")
	f(model(0.75, 1), map[string]float64{"card_new_atm": 1}, 0, 1, atm.Alerts, "card_new_atm")
	// strongest first, against fraud too; features that say nothing are left out
	f(model(0.6, 0.5), map[string]float64{"card_new_atm": 0.5, "hour": 2, "card_new_entry": 1}, 0, 0.6+0.125-0.25+0.0625, atm.Alerts, "hour card_new_atm card_new_entry")
	// a rule lifts, and says by how much; a stronger belief stays
	f(model(0.125, 0.5), travel, 0, 0.9, atm.Alerts, "rule:impossible_travel")
	f(model(0.99, 0.5), both(travel, map[string]float64{"card_new_atm": 0.01}), 0, 0.9925, atm.Alerts, "card_new_atm rule:impossible_travel")
	f(model(0.5, 0.5), both(travel, guessing, map[string]float64{"card_new_atm": 1}), 0, 0.9, atm.Alerts, "card_new_atm rule:impossible_travel rule:pin_guessing")
	// below the threshold there is nothing to explain
	f(model(0.25, 0.6), map[string]float64{"card_new_atm": 1}, 0, 0.5, atm.Pass, "")
	// duplicates never alert, but keep their score
	f(model(0.9, 0.5), both(travel, guessing), atm.Duplicate, 0.9, atm.Pass, "")
}

// Base, the model's contributions and the rules' add up to the score.
func TestContributionsAddUp(t *testing.T) {
	f := func(base float64, values map[string]float64) {
		t.Helper()
		m := linear{base, map[string]float64{"card_new_atm": 0.25, "hour": -0.01, "card_new_country": 0.125}}
		d := NewDecider(Version{Name: "m/1", Threshold: 0.3, Model: m})
		s := withdrawal(values)
		d.Decide(s)
		if s.Decision != atm.Alerts {
			t.Fatalf("%v does not alert", s.Score)
		}
		sum, listed := base, 0.0
		for _, r := range s.Reasons {
			listed += r.Contribution
			if strings.HasPrefix(r.Code, "rule:") {
				sum += r.Contribution
			}
		}
		a := d.Alert(s)
		if len(a.Evidence) != feature.Size() {
			t.Fatalf("%d features as evidence", len(a.Evidence))
		}
		for i, e := range a.Evidence {
			sum += e.Contribution
			if e.Feature != feature.At(i).Name || e.Value != s.Vector[i] {
				t.Fatalf("evidence %d is %+v", i, e)
			}
		}
		if math.Abs(sum-s.Score) > 1e-12 || math.Abs(base+listed-s.Score) > 1e-12 {
			t.Errorf("%v and %v add up, the score is %v", sum, base+listed, s.Score)
		}
	}
	f(0.1, map[string]float64{"card_new_atm": 1, "hour": 3})
	f(0.1, travel)
	f(0.1, both(travel, guessing, map[string]float64{"hour": 23}))
	f(0.1, both(guessing, map[string]float64{"card_new_atm": 1, "card_new_country": 1}))
	f(0.95, travel)
}

func TestReasonsAreBounded(t *testing.T) {
	weights := map[string]float64{}
	for i, name := range feature.Names() {
		weights[name] = float64(i+1) / 1e6
	}
	values := map[string]float64{}
	for _, name := range feature.Names() {
		values[name] = 1
	}
	s := withdrawal(values)
	NewDecider(Version{Name: "m/1", Threshold: 0.001, Model: linear{0.5, weights}}).Decide(s)
	if len(s.Reasons) != maxReasons || s.Reasons[0].Code != feature.At(feature.Size()-1).Name {
		t.Errorf("%d reasons, the first %+v", len(s.Reasons), s.Reasons[0])
	}
}

func TestDecideWithoutAlertAllocatesNothing(t *testing.T) {
	s := withdrawal(nil)
	d := NewDecider(NoModel)
	if n := testing.AllocsPerRun(100, func() { d.Decide(s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What decided does not depend on what was decided before.
func TestDeciderKeepsNothing(t *testing.T) {
	v := Version{Name: "m/1", Threshold: 0.1, Model: linear{0.2, map[string]float64{"card_new_atm": 0.25}}}
	used, fresh := NewDecider(v), NewDecider(v)
	used.Decide(withdrawal(both(travel, map[string]float64{"card_new_atm": 1})))
	a, b := withdrawal(nil), withdrawal(nil)
	used.Decide(a)
	fresh.Decide(b)
	if !slices.Equal(a.Reasons, b.Reasons) || a.Score != b.Score {
		t.Errorf("%+v, fresh %+v", a, b)
	}
}
