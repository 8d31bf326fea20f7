package simulator

import "skimwatch/engine/atm"

func skimming() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "skimming",
			Meaning:   "A skimmer sits on one machine for days. Stripe copies of the cards it read are cashed out later, in another city.",
			Signature: "A chip card is read by its stripe: several near-maximum withdrawals in a new city within hours; the victims share one earlier machine.",
			Source:    "European Association for Secure Transactions, fraud definitions: card skimming; Europol IOCTA, payment fraud",
			Parameters: []Parameter{
				{"victims", 3, 9, "cards", "cards cashed out per skimmer"},
				{"stay", 2, 14, "days", "how long the skimmer stays on the machine"},
				{"lag", 12, 96, "hours", "from the copy to the cash-out"},
				{"withdrawals", 2, 5, "", "per card"},
				{"gap", 1, 90, "minutes", "between two withdrawals of a card"},
			},
		},
		share: 18, size: 26, knows: 60 * atm.Hour,
		start: func(p *plot) {
			p.plantSkimmer(&skimmer{
				until: p.start + atm.Time(p.draw("stay")*float64(atm.Day)), rate: 0.3, wanted: p.count("victims"),
				use: cashOutAbroad, lag: lagOf,
			})
		},
	}
}

func lagOf(p *plot) atm.Time { return atm.Time(p.draw("lag") * float64(atm.Hour)) }

// cashOutAbroad uses a copy where nobody knows the owner, on one or two machines.
func cashOutAbroad(p *plot, i int32, from atm.Time) {
	m := p.elsewhere(p.cards[i].spots[0][0], 80)
	at := from + p.r.between(0, 6*atm.Hour)
	p.drain(i, m, at, p.cloned())
}

// drain takes near-maximum amounts until the planned number is reached, at one machine or at two of the same city.
func (p *plot) drain(i, m int32, at atm.Time, entry atm.Entry) {
	if p.r.chance(0.25) {
		p.do(intent{at: at, card: i, machine: m, kind: atm.Balance, entry: entry})
		at += p.r.between(20*atm.Second, 2*atm.Minute)
	}
	for range p.count("withdrawals") {
		p.do(intent{at: at, card: i, machine: m, kind: atm.Withdrawal, entry: entry, amount: p.loot(i, 0.15, 0.45)})
		at += atm.Time(p.draw("gap") * float64(atm.Minute))
		if p.r.chance(0.3) {
			m = p.anyMachine(p.r, p.machines[m].city)
		}
	}
}
