package evaluate

import "skimwatch/engine/atm"

// Budget is what an alert budget buys.
type Budget struct {
	Recall         float64 // share of the frauds that alert
	ValueDetection float64 // share of the frauds' money that alerts
}

// AtBudget alerts, each day counted in whole days from `from`, the transactions with the highest scores, perDay of them,
// and says what they catch. Both shares are 0 when there is no fraud, or no money in it.
func AtBudget(list []Scored, from atm.Time, perDay int) Budget {
	var caught, frauds int
	var saved, lost int64
	for _, day := range days(list, from) {
		for i, s := range descending(day) {
			if !s.Fraud {
				continue
			}
			frauds++
			lost += s.Amount
			if i < perDay {
				caught++
				saved += s.Amount
			}
		}
	}
	var b Budget
	if frauds > 0 {
		b.Recall = float64(caught) / float64(frauds)
	}
	if lost > 0 {
		b.ValueDetection = float64(saved) / float64(lost)
	}
	return b
}
