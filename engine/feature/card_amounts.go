package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// cardAmounts sums what the card took out and paid in.
func cardAmounts() []Feature {
	return slices.Concat(
		sum(OfCard, "amount", withdrawals, 10*atm.Minute, atm.Hour, atm.Day, 7*atm.Day),
		sum(OfCard, "credits", credits, atm.Day),
	)
}
