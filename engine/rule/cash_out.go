package rule

import "skimwatch/engine/atm"

// cashOut: mules empty many cards of few banks at one machine, one after the other.
var cashOut = Rule{
	Name:     "cash_out",
	Text:     "Five or more cards of at most three BINs took cash at this ATM within 10 minutes, this one most of its limit by stripe.",
	Severity: 0.7,
	Looks:    []string{"atm_cards_10m", "atm_bins_10m", "atm_withdrawals_10m", "card_limit_share", "is_stripe"},
	hits: func(t *atm.Transaction, v view) bool {
		return paid(t) && v.at(0) >= 5 && v.at(1) > 0 && v.at(1) <= 3 && v.at(2) >= 5 && v.at(3) > 0.6 && v.at(4) == 1
	},
}
