package rule

import "skimwatch/engine/atm"

// pinGuessing: wrong PINs, then the right one and far more cash than the card ever took.
var pinGuessing = Rule{
	Name:     "pin_guessing",
	Text:     "Two or more wrong PINs within 10 minutes, then an unusually large withdrawal.",
	Severity: 0.5,
	Looks:    []string{"card_wrong_pins_10m", "card_amount_to_largest", "card_limit_share"},
	hits: func(t *atm.Transaction, v view) bool {
		return paid(t) && v.at(0) >= 2 && v.at(1) > 1.5 && v.at(2) > 0.5
	},
}
