package evaluate

import (
	"cmp"
	"slices"
)

// ScenarioRecall is how much of one kind of fraud alerts.
type ScenarioRecall struct {
	Scenario string  `json:"scenario"`
	Frauds   int     `json:"frauds"`
	Caught   int     `json:"caught"`
	Recall   float64 `json:"recall"`
}

// PerScenario is the recall at a threshold for each scenario that the labels name, in order of name.
func PerScenario(list []Scored, threshold float64) []ScenarioRecall {
	by := scenarios{}
	for _, s := range list {
		if s.Fraud {
			by.count(s.Scenario, s.Score >= threshold)
		}
	}
	return by.list()
}

// tally counts frauds and how many of them alert.
type tally struct{ frauds, caught int }

func (t *tally) count(caught bool) {
	t.frauds++
	if caught {
		t.caught++
	}
}

func (t tally) recall() float64 {
	if t.frauds == 0 {
		return 0
	}
	return float64(t.caught) / float64(t.frauds)
}

// scenarios are tallies by scenario.
type scenarios map[string]*tally

func (s scenarios) count(scenario string, caught bool) {
	if scenario == "" {
		return
	}
	t := s[scenario]
	if t == nil {
		t = &tally{}
		s[scenario] = t
	}
	t.count(caught)
}

func (s scenarios) list() []ScenarioRecall {
	out := make([]ScenarioRecall, 0, len(s))
	for name, t := range s {
		out = append(out, ScenarioRecall{name, t.frauds, t.caught, t.recall()})
	}
	slices.SortFunc(out, func(a, b ScenarioRecall) int { return cmp.Compare(a.Scenario, b.Scenario) })
	return out
}
