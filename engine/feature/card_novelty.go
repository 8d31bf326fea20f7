package feature

import "skimwatch/engine/atm"

// cardNovelty says what the card does for the first time. A card without a past has no novelties.
func cardNovelty() []Feature {
	return []Feature{
		novelty("card_new_atm", "atm", "this ATM is none of the last 24 that the card used", "%s: an ATM the card has not used before",
			func(v *cardView) bool { return !v.habit.atms.has(v.e.Value[0]) }),
		novelty("card_new_country", "country", "this country is none of the last 24 that the card was used in", "%s: a country the card has not been used in before",
			func(v *cardView) bool { return v.t.Country != "" && !v.habit.countries.has(v.e.Value[1]) }),
		novelty("card_new_entry", "entry", "the card was never read this way before", "%s: the card was never read this way before",
			func(v *cardView) bool { return v.t.Entry != 0 && v.habit.entries>>v.t.Entry&1 == 0 }),
		{
			Name: "card_hour_share", Entity: OfTransaction, Aggregate: "share", Of: "time", Unit: "share", Default: 1,
			Meaning: "share of the card's past uses within an hour of this time of day, local to the terminal; 1 below ten uses",
			says:    "%s of the card's uses were around this time of day",
			card:    hourShare,
		},
	}
}

func novelty(name, of, meaning, says string, is func(*cardView) bool) Feature {
	return Feature{Name: name, Entity: OfTransaction, Aggregate: "novelty", Of: of, Unit: "yes/no", Meaning: meaning, says: says,
		card: func(v *cardView) float64 {
			if v.habit.events > 0 && present(v.t.Kind) && is(v) {
				return 1
			}
			return 0
		}}
}

func hourShare(v *cardView) float64 {
	total, near := 0, 0
	for h, n := range v.habit.hours {
		total += int(n)
		if d := (h - v.hour + 24) % 24; d <= 1 || d == 23 {
			near += int(n)
		}
	}
	if total < 10 {
		return 1
	}
	return float64(near) / float64(total)
}

// localHour is the hour of day by the sun at the terminal, UTC where its place is unknown.
func localHour(t *atm.Transaction) int {
	seconds := int64(t.Time/atm.Second) % 86400
	if t.Is(atm.HasPlace) {
		seconds += int64(t.Lon * 240) // 15 degrees an hour
	}
	return int((seconds%86400+86400)%86400) / 3600
}
