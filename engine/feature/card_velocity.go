package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// cardVelocity counts how often the card is used.
func cardVelocity() []Feature {
	return slices.Concat(
		count(OfCard, "events", every, 10*atm.Minute, atm.Hour, atm.Day, 7*atm.Day),
		count(OfCard, "withdrawals", withdrawals, 10*atm.Minute, atm.Hour, atm.Day, 7*atm.Day),
		count(OfCard, "balances", balances, atm.Hour),
	)
}
