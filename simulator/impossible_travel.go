package simulator

import "skimwatch/engine/atm"

func impossibleTravel() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "impossible_travel",
			Meaning:   "A copy is used far away while the owner goes on using the card at home.",
			Signature: "Two uses with the card present that are too far apart for the time between them: over 800 km/h and over 50 km.",
			Source:    "Velocity check of card schemes; the 50 km floor keeps neighbouring machines and slow clocks out",
			Parameters: []Parameter{
				{"wait", 4, 55, "minutes", "from the owner's use"},
				{"distance", 250, 250, "km", "at least"},
				{"withdrawals", 1, 4, "", "per card"},
				{"gap", 0.7, 15, "minutes", "between two withdrawals"},
			},
		},
		share: 8, size: 3.3, knows: 48 * atm.Hour,
		start: func(p *plot) {
			in, ok := p.owner(anyone)
			if !ok {
				return
			}
			at := in.at + atm.Time(p.draw("wait")*float64(atm.Minute))
			p.drain(in.card, p.elsewhere(in.machine, p.draw("distance")), at, p.cloned())
		},
	}
}
