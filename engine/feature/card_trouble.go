package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// cardTrouble counts what went wrong with the card.
func cardTrouble() []Feature {
	return slices.Concat(
		count(OfCard, "declines", declines, atm.Hour, atm.Day),
		count(OfCard, "wrong_pins", wrongPINs, 10*atm.Minute, atm.Day),
		count(OfCard, "stripes", stripes, atm.Day, 7*atm.Day),
		count(OfCard, "taps", tapped, 7*atm.Day),
		count(OfCard, "reversals", reversals, atm.Day),
	)
}
