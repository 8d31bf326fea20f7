package feature

import "skimwatch/engine/atm"

// cardNovelty says what the card does for the first time. A card without a past has no novelties.
func cardNovelty() []Feature {
	return []Feature{
		novelty(Feature{Name: "card_new_atm", Title: "ATM new to the card", Of: "atm", Meaning: "yes when this ATM is none of the last 24 that the card used",
			says: "An ATM the card has not used before", denies: "An ATM the card has used before"},
			func(v *cardView) bool { return !v.habit.atms.has(v.e.Value[0]) }),
		novelty(Feature{Name: "card_new_country", Title: "Country new to the card", Of: "country", Meaning: "yes when this country is none of the last 24 that the card was used in",
			says: "A country the card has not been used in before", denies: "A country the card has been used in before"},
			func(v *cardView) bool { return v.t.Country != "" && !v.habit.countries.has(v.e.Value[1]) }),
		novelty(Feature{Name: "card_new_entry", Title: "Way of reading new to the card", Of: "entry", Meaning: "yes when the card was never read this way before",
			says: "The card was never read this way before", denies: "The card has been read this way before"},
			func(v *cardView) bool { return v.t.Entry != 0 && v.habit.entries>>v.t.Entry&1 == 0 }),
		{
			Name: "card_hour_share", Title: "Past uses around this time of day", Entity: OfTransaction, Aggregate: "share", Of: "time", Unit: "share", Default: 1,
			Meaning: "share of the card's past uses within an hour of this time of day, local to the terminal; 1 below ten uses",
			says:    "%s of the card's uses were around this time of day",
			card:    hourShare,
		},
	}
}

func novelty(f Feature, is func(*cardView) bool) Feature {
	f.Entity, f.Aggregate, f.Unit = OfTransaction, "novelty", "yes/no"
	f.card = func(v *cardView) float64 {
		if v.habit.events > 0 && present(v.t.Kind) && is(v) {
			return 1
		}
		return 0
	}
	return f
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
