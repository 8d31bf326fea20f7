package simulator

import "skimwatch/engine/atm"

func reversalFraud() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "reversal_fraud",
			Meaning:   "The cash is taken and the machine is then made to report a fault, so that the withdrawal is reversed (transaction reversal fraud).",
			Signature: "Approved withdrawals reversed within a minute with reason 10, 13 or 20, again and again per machine or issuer.",
			Source:    "European Association for Secure Transactions, fraud definitions: transaction reversal fraud",
			Parameters: []Parameter{
				{"cards", 1, 3, "cards", "in the hands of the crew"},
				{"withdrawals", 2, 4, "", "per card, each reversed"},
				{"gap", 2, 25, "minutes", "between two withdrawals"},
			},
		},
		share: 7, size: 12.5, knows: 70 * atm.Hour,
		start: func(p *plot) {
			at, m := p.anyTime(), p.anyMachine(p.r, int32(p.r.pick(p.journeys)))
			for range p.count("cards") {
				i, ok := p.victim(func(c *card) bool { return p.purses[c.purse].balance > 2*c.limit })
				if !ok {
					return
				}
				for range p.count("withdrawals") {
					p.do(intent{at: at, card: i, machine: m, kind: atm.Withdrawal, entry: atm.Chip, amount: p.loot(i, 0.2, 0.7), flags: undone})
					p.planned++ // its reversal
					at += atm.Time(p.draw("gap") * float64(atm.Minute))
					if p.r.chance(0.2) {
						m = p.near(p.r, m)
					}
				}
			}
		},
	}
}
