package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// atmVolume counts how busy the ATM is.
func atmVolume() []Feature {
	return slices.Concat(
		count(OfATM, "events", every, 5*atm.Minute, atm.Hour, atm.Day),
		count(OfATM, "withdrawals", withdrawals, 10*atm.Minute),
		sum(OfATM, "amount", withdrawals, 10*atm.Minute, atm.Hour),
	)
}
