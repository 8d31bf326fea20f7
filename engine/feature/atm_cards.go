package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// atmCards counts which cards come to the ATM.
func atmCards() []Feature {
	return slices.Concat(
		distinct(OfATM, "cards", "card", "card", "cards", every, 10*atm.Minute, atm.Hour, atm.Day),
		distinct(OfATM, "bins", "bin", "BIN", "BINs", every, 10*atm.Minute, atm.Hour),
	)
}
