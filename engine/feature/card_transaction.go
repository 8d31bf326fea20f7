package feature

import (
	"strings"

	"skimwatch/engine/atm"
)

// cardTransaction is the event itself.
func cardTransaction() []Feature {
	flag := func(name, of string, f filter, title, says, denies string) Feature {
		m := f.mask()
		return Feature{Name: name, Title: title, Entity: OfTransaction, Aggregate: "value", Of: of, Where: f.where, Unit: "yes/no", Meaning: "yes when " + says, says: upperFirst(says), denies: denies,
			card: func(v *cardView) float64 {
				if m.takes(v.t) {
					return 1
				}
				return 0
			}}
	}
	return []Feature{
		{
			Name: "amount", Title: "Amount", Entity: OfTransaction, Aggregate: "value", Of: "amount", Unit: "minor units", Meaning: "amount of the event, 0 when it has none", says: "%s at once",
			card: func(v *cardView) float64 { return float64(v.t.Amount) },
		},
		{
			Name: "hour", Title: "Hour of day", Entity: OfTransaction, Aggregate: "value", Of: "time", Unit: "hour", Meaning: "hour of day by the sun at the terminal, 0 to 23", says: "At hour %s of the day",
			card: func(v *cardView) float64 { return float64(v.hour) },
		},
		{
			Name: "weekday", Title: "Day of the week", Entity: OfTransaction, Aggregate: "value", Of: "time", Unit: "day", Meaning: "day of the week in UTC, 0 is Monday", says: "On day %s of the week, Monday is 0",
			card: func(v *cardView) float64 { return float64((v.t.Time/atm.Day + 3) % 7) },
		},
		flag("is_withdrawal", "kind", withdrawals, "Cash paid out", "cash was paid out on this card", "No cash was paid out"),
		flag("is_stripe", "entry", stripes, "Read by the stripe", "the card was read by its magnetic stripe", "The card was not read by its magnetic stripe"),
		flag("is_contactless", "entry", tapped, "Tapped", "the card was tapped", "The card was not tapped"),
		flag("is_reversal", "kind", reversals, "Reversal", "this event takes another back", "This event takes no other back"),
		flag("is_dispense", "kind", dispenses, "Report of the cash module", "the cash module reported a dispense", "Not a report of the cash module"),
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
