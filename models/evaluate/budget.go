package evaluate

import "skimwatch/engine/atm"

// Budget is what an alert budget buys.
type Budget struct {
	Recall         float64 // share of the frauds that alert
	ValueDetection float64 // share of the frauds' money that alerts
	PerScenario    []ScenarioRecall
}

// AtBudget alerts, each day counted in whole days from `from`, the transactions with the highest scores, perDay of them,
// and says what they catch. Shares are 0 when there is no fraud, or no money in it.
func AtBudget(list []Scored, from atm.Time, perDay int) Budget {
	var saved, lost int64
	all := tally{}
	by := scenarios{}
	for _, day := range days(list, from) {
		for i, s := range descending(day) {
			if !s.Fraud {
				continue
			}
			caught := i < perDay
			lost += s.Amount
			if caught {
				saved += s.Amount
			}
			all.count(caught)
			by.count(s.Scenario, caught)
		}
	}
	b := Budget{Recall: all.recall(), PerScenario: by.list()}
	if lost > 0 {
		b.ValueDetection = float64(saved) / float64(lost)
	}
	return b
}
