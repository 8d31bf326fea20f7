package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// never is the span that stands for "not within memory".
const never = float64(30 * atm.Day / atm.Second)

// cardChanges looks at the non-monetary events that come before a takeover, and at those that explain travel.
func cardChanges() []Feature {
	return slices.Concat(
		count(OfCard, "changes", changes, 3*atm.Day),
		count(OfCard, "notices", notices, 7*atm.Day),
		[]Feature{{
			Name: "card_seconds_since_change", Title: "Since PIN, limit or contact changed", Entity: OfCard, Aggregate: "last", Of: "time", Unit: "seconds", Default: never,
			Meaning: "time since the PIN, a limit or the contact was last changed, at most 30 days",
			says:    "%s since the PIN, a limit or the contact was changed",
			card: func(v *cardView) float64 {
				if v.habit.lastChange == 0 {
					return never
				}
				return between(0, never, float64(v.t.Time-v.habit.lastChange)/float64(atm.Second))
			},
		}},
	)
}

// between bounds x.
func between(low, high, x float64) float64 { return min(high, max(low, x)) }
