package simulator

import "skimwatch/engine/atm"

func cashOut() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "cash_out",
			Meaning:   "Mules stand at one machine and empty a stack of copied cards, one after the other.",
			Signature: "Many cards of few issuers at one machine, less than ninety seconds apart, large amounts, for some ten minutes.",
			Source:    "US Department of Justice, indictments of 2013 on coordinated cash-outs; FFIEC statement on ATM cash-out schemes, 2014",
			Parameters: []Parameter{
				{"cards", 6, 16, "cards", "emptied in a row"},
				{"gap", 18, 88, "seconds", "between two withdrawals"},
			},
		},
		share: 12, size: 15, knows: 40 * atm.Hour,
		start: func(p *plot) {
			first, ok := p.victim(anyone)
			if !ok {
				return
			}
			issuer := [2]int32{p.cards[first].issuer, int32(p.r.IntN(len(issuers)))}
			at, m := p.anyTime(), p.anyMachine(p.r, int32(p.r.pick(p.journeys)))
			cards := p.count("cards")
			for n := range cards {
				i := first
				if n > 0 {
					if i, ok = p.victim(func(c *card) bool { return c.issuer == issuer[0] || c.issuer == issuer[1] }); !ok {
						return
					}
				}
				entry := p.cloned()
				for tries := 0; tries == 0 || tries < 3 && p.r.chance(0.25); tries++ {
					p.do(intent{at: at, card: i, machine: m, kind: atm.Withdrawal, entry: entry, amount: p.loot(i, 0.2, 0.6)})
					at += atm.Time(p.draw("gap") * float64(atm.Second))
				}
			}
		},
	}
}
