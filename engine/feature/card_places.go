package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// cardPlaces counts where the card is used.
func cardPlaces() []Feature {
	return slices.Concat(
		distinct(OfCard, "atms", "atm", "ATM", "ATMs", every, atm.Hour, atm.Day, 7*atm.Day),
		distinct(OfCard, "countries", "country", "country", "countries", every, atm.Day, 7*atm.Day),
	)
}
