package rule

import "skimwatch/engine/atm"

// impossibleTravel: nobody moves a card faster than an airliner.
var impossibleTravel = Rule{
	Name:     "impossible_travel",
	Text:     "The card was used over 50 km apart, faster than 800 km/h.",
	Severity: 0.8,
	Looks:    []string{"card_km_since_last", "card_kmh_since_last"},
	hits: func(t *atm.Transaction, v view) bool {
		return v.at(0) > 50 && v.at(1) > 800
	},
}
