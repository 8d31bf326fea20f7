package simulator

import "skimwatch/engine/atm"

func unlimitedOperation() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "unlimited_operation",
			Meaning:   "Limits are lifted inside the issuer, then crews in many countries withdraw until somebody notices. The largest known case took 36,000 withdrawals in 26 countries within 10 hours.",
			Signature: "One issuer's cards surge over many machines and countries in a weekend night; sums above the limit are approved; a change of limit just before.",
			Source:    "FBI alert to banks on unlimited operations, August 2018; United States v. Lajud-Pena, indictment of 2013",
			Parameters: []Parameter{
				{"cards", 3, 6, "cards", "whose limits are lifted"},
				{"withdrawals", 4, 9, "", "per card"},
				{"hours", 3, 10, "hours", "from the first to the last withdrawal"},
			},
		},
		share: 5, size: 36, knows: 14 * atm.Hour,
		start: func(p *plot) {
			night := p.start
			for !weekend(night) {
				night += atm.Day
			}
			night += p.r.between(0, 3*atm.Hour)
			length := atm.Time(p.draw("hours") * float64(atm.Hour))
			first, ok := p.victim(anyone)
			if !ok {
				return
			}
			same := func(c *card) bool { return c.issuer == p.cards[first].issuer }
			for n := range p.count("cards") {
				i := first
				if n > 0 {
					if i, ok = p.victim(same); !ok {
						return
					}
				}
				p.do(intent{at: night + p.r.between(0, 20*atm.Minute), card: i, machine: p.cards[i].spots[0][0], kind: atm.LimitChange, entry: atm.Magstripe})
				for range p.count("withdrawals") {
					p.do(intent{at: night + 20*atm.Minute + p.r.between(0, length), card: i, machine: p.anyMachine(p.r, int32(p.r.pick(p.journeys))),
						kind: atm.Withdrawal, entry: p.cloned(), amount: p.loot(i, 0.3, 0.9), flags: forced})
				}
			}
		},
	}
}
