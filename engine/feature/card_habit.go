package feature

import "skimwatch/engine/atm"

// cardHabit compares the amount with what the card usually takes.
func cardHabit() []Feature {
	return []Feature{{
		Name: "card_amount_to_mean", Title: "Amount against the card's mean", Entity: OfTransaction, Aggregate: "ratio", Of: "amount", Where: where("kind", "withdrawal"), Unit: "times", Default: 1,
		Meaning: "amount of this withdrawal against the mean of the card's approved ones before, at most 50; 1 when there are none",
		says:    "%s the card's usual withdrawal",
		card: func(v *cardView) float64 {
			return ratio(v, float64(v.habit.amount)/float64(max(v.habit.approved, 1)))
		},
	}, {
		Name: "card_amount_to_largest", Title: "Amount against the card's largest", Entity: OfTransaction, Aggregate: "ratio", Of: "amount", Where: where("kind", "withdrawal"), Unit: "times", Default: 1,
		Meaning: "amount of this withdrawal against the largest approved one of the card before, at most 50; 1 when there are none",
		says:    "%s the largest withdrawal of the card so far",
		card:    func(v *cardView) float64 { return ratio(v, float64(v.habit.largest)) },
	}}
}

// ratio compares a withdrawal's amount with a usual one.
func ratio(v *cardView, usual float64) float64 {
	if v.t.Kind != atm.Withdrawal || v.habit.approved == 0 || usual <= 0 {
		return 1
	}
	return min(50, float64(v.t.Amount)/usual)
}
