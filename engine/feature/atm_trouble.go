package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// atmTrouble counts what goes wrong at the ATM.
func atmTrouble() []Feature {
	return slices.Concat(
		count(OfATM, "wrong_pins", wrongPINs, 30*atm.Minute),
		count(OfATM, "declines", declines, 30*atm.Minute),
		count(OfATM, "reversals", reversals, atm.Hour, atm.Day),
		count(OfATM, "fallbacks", fallbacks, atm.Hour, atm.Day),
		count(OfATM, "stripes", stripes, atm.Hour),
		count(OfATM, "dispenses", dispenses, 5*atm.Minute),
		count(OfATM, "paid", withdrawals, 5*atm.Minute),
		[]Feature{{
			Name: "atm_unmatched_dispenses_5m", Title: "Dispenses without a withdrawal, ATM, 5 min", Entity: OfATM, Aggregate: "difference", Of: "kind", Unit: "events",
			Meaning: "cash dispenses at this ATM within 5 min that exceed its approved withdrawals of the same time, at least 0",
			says:    "%s cash dispenses at this ATM within 5 min without a withdrawal",
			needs:   []string{"atm_dispenses_5m", "atm_paid_5m"},
			atm: func(v *atmView) float64 {
				return max(0, v.need(0)-v.need(1))
			},
		}},
	)
}
