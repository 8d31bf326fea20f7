package score

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/rule"
)

// maxReasons bounds the reasons of an alert that come from the model, for and against fraud together.
const maxReasons = 5

// Decider scores vectors with one version of the model and the rules. It holds scratch memory: one per goroutine.
type Decider struct {
	version       Version
	rules         []rule.Rule
	contributions []float64
	order         []int
}

// NewDecider returns a decider.
func NewDecider(v Version) *Decider {
	return &Decider{version: v, rules: rule.All(), contributions: make([]float64, feature.Size())}
}

// Version returns the model in force.
func (d *Decider) Version() Version { return d.version }

// Decide fills in s everything that follows from its transaction, its flags and its vector. A rule that hits lifts the score
// above the threshold by its severity, so that a transaction alerts if and only if its score reaches the threshold; duplicates
// never alert. A rule contributes what it lifts the score further: the model's base, all its contributions and those of the
// rules add up to the score. Decide allocates for alerts only.
func (d *Decider) Decide(s *atm.Score) {
	s.Model, s.Rules, s.Threshold = d.version.Name, rule.Version, d.version.Threshold
	s.Score, s.Decision, s.Reasons = 0, atm.Pass, s.Reasons[:0]
	if d.version.Model != nil {
		s.Score = d.version.Model.Score(s.Vector)
	}
	for i := range d.rules {
		r := &d.rules[i]
		if !r.Hits(&s.Transaction, s.Vector) {
			continue
		}
		lifted := s.Threshold + (1-s.Threshold)*r.Severity
		s.Reasons = append(s.Reasons, atm.Reason{Code: "rule:" + r.Name, Text: r.Text, Contribution: max(0, lifted-s.Score)})
		s.Score = max(s.Score, lifted)
	}
	switch {
	case s.Flags&atm.Duplicate != 0:
		s.Reasons = s.Reasons[:0]
	case s.Score >= s.Threshold:
		s.Decision = atm.Alerts
		d.explain(s)
		slices.SortStableFunc(s.Reasons, func(a, b atm.Reason) int {
			return cmp.Compare(magnitude(b.Contribution), magnitude(a.Contribution))
		})
	}
}

// explain appends the features that moved the model's score most.
func (d *Decider) explain(s *atm.Score) {
	if !d.contribute(s) {
		return
	}
	d.order = d.order[:0]
	for i, c := range d.contributions {
		if c != 0 {
			d.order = append(d.order, i)
		}
	}
	slices.SortStableFunc(d.order, func(a, b int) int {
		return cmp.Compare(magnitude(d.contributions[b]), magnitude(d.contributions[a]))
	})
	for _, i := range d.order[:min(maxReasons, len(d.order))] {
		f := feature.At(i)
		s.Reasons = append(s.Reasons, atm.Reason{Code: f.Name, Text: f.Sentence(s.Vector[i], &s.Transaction), Contribution: d.contributions[i]})
	}
}

// contribute fills the scratch with the model's contributions and says whether there is a model.
func (d *Decider) contribute(s *atm.Score) bool {
	clear(d.contributions)
	if d.version.Model == nil {
		return false
	}
	d.version.Model.Explain(s.Vector, d.contributions)
	return true
}

func magnitude(x float64) float64 { return max(x, -x) }

// alertSpace is the name space of alert ids.
var alertSpace = uuid.MustParse("6f1f9f0e-6f7d-5a52-9b58-0f5a4c1d7e21")

// Alert returns the alert for a score whose decision is atm.Alerts: a snapshot with its own memory. Its id is a UUIDv5 (RFC
// 9562) of the transaction and of what decided, so that a replay raises the same alert and a sink can tell it from a new one.
func (d *Decider) Alert(s *atm.Score) atm.Alert {
	t := &s.Transaction
	a := atm.Alert{
		ID:          uuid.NewSHA1(alertSpace, []byte(t.ID+"\x00"+s.Model+"\x00"+s.Rules)).String(),
		Transaction: t.ID, Card: t.Card, ATM: t.ATM, Time: t.Time,
		Score: s.Score, Threshold: s.Threshold, Reasons: slices.Clone(s.Reasons), Model: s.Model, Rules: s.Rules,
		BIN: t.BIN, Last4: t.Last4, Lat: t.Lat, Lon: t.Lon, HasPlace: t.Is(atm.HasPlace), Country: t.Country, City: t.City,
		Kind: t.Kind.String(), Amount: t.Amount, Currency: t.Currency, Entry: t.Entry.String(), Response: string(t.Response),
		Produced: s.Produced, Raised: s.Scored,
	}
	d.contribute(s)
	for i, v := range s.Vector {
		a.Evidence = append(a.Evidence, atm.Evidence{Feature: feature.At(i).Name, Value: v, Contribution: d.contributions[i]})
	}
	return a
}
