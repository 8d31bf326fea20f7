package rule

import "skimwatch/engine/atm"

// jackpotting: the machine pays and nobody asked for it. A technician's test dispenses stay below five.
var jackpotting = Rule{
	Name:     "jackpotting",
	Text:     "The ATM dispensed cash five or more times within 5 minutes without a withdrawal.",
	Severity: 1,
	Looks:    []string{"atm_unmatched_dispenses_5m"},
	hits: func(t *atm.Transaction, v view) bool {
		return t.Kind == atm.Dispense && v.at(0) >= 5
	},
}
