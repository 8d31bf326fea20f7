package feature

import "skimwatch/engine/atm"

// cardTransaction is the event itself.
func cardTransaction() []Feature {
	flag := func(name, of string, f filter, meaning, says string) Feature {
		m := f.mask()
		return Feature{Name: name, Entity: OfTransaction, Aggregate: "value", Of: of, Where: f.where, Unit: "yes/no", Meaning: meaning, says: says,
			card: func(v *cardView) float64 {
				if m.takes(v.t) {
					return 1
				}
				return 0
			}}
	}
	return []Feature{
		{
			Name: "amount", Entity: OfTransaction, Aggregate: "value", Of: "amount", Unit: "minor units", Meaning: "amount of the event, 0 when it has none", says: "%s at once",
			card: func(v *cardView) float64 { return float64(v.t.Amount) },
		},
		{
			Name: "hour", Entity: OfTransaction, Aggregate: "value", Of: "time", Unit: "hour", Meaning: "hour of day by the sun at the terminal, 0 to 23", says: "at hour %s of the day",
			card: func(v *cardView) float64 { return float64(v.hour) },
		},
		{
			Name: "weekday", Entity: OfTransaction, Aggregate: "value", Of: "time", Unit: "day", Meaning: "day of the week in UTC, 0 is Monday", says: "on day %s of the week",
			card: func(v *cardView) float64 { return float64((v.t.Time/atm.Day + 3) % 7) },
		},
		flag("is_withdrawal", "kind", withdrawals, "1 for an approved withdrawal", "%s: cash was paid out"),
		flag("is_stripe", "entry", stripes, "1 when the card was read by its magnetic stripe", "%s: read by the magnetic stripe"),
		flag("is_contactless", "entry", tapped, "1 when the card was tapped", "%s: the card was tapped"),
		flag("is_reversal", "kind", reversals, "1 for a reversal", "%s: a reversal"),
		flag("is_dispense", "kind", dispenses, "1 for a report of the cash module", "%s: a report of the cash module"),
	}
}
