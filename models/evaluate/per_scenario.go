package evaluate

import (
	"cmp"
	"maps"
	"slices"
)

// ScenarioRecall is how much of one kind of fraud alerts.
type ScenarioRecall struct {
	Scenario string  `json:"scenario"`
	Frauds   int     `json:"frauds"`
	Recall   float64 `json:"recall"`
}

// PerScenario is the recall at a threshold for each scenario that the labels name, in order of name.
func PerScenario(list []Scored, threshold float64) []ScenarioRecall {
	by := map[string]*ScenarioRecall{}
	for _, s := range list {
		if !s.Fraud || s.Scenario == "" {
			continue
		}
		r := by[s.Scenario]
		if r == nil {
			r = &ScenarioRecall{Scenario: s.Scenario}
			by[s.Scenario] = r
		}
		r.Frauds++
		if s.Score >= threshold {
			r.Recall++ // a count until it is divided below
		}
	}
	out := make([]ScenarioRecall, 0, len(by))
	for r := range maps.Values(by) {
		r.Recall /= float64(r.Frauds)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b ScenarioRecall) int { return cmp.Compare(a.Scenario, b.Scenario) })
	return out
}
