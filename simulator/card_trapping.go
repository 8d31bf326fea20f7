package simulator

import "skimwatch/engine/atm"

func cardTrapping() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "card_trapping",
			Meaning:   "The slot keeps the card and somebody watches the PIN. The thief uses the real card nearby before it is reported.",
			Signature: "A broken-off event of the owner, then the chip card and its right PIN at a near machine with a large amount within two hours.",
			Source:    "European Association for Secure Transactions, fraud definitions: card trapping",
			Parameters: []Parameter{
				{"victims", 1, 3, "cards", "cards trapped in one day at one machine"},
				{"withdrawals", 1, 3, "", "per card"},
				{"wait", 4, 110, "minutes", "from the broken-off event to the thief's first withdrawal"},
				{"gap", 0.6, 9, "minutes", "between two withdrawals"},
			},
		},
		share: 7, size: 5.7, knows: 8 * atm.Hour,
		start: func(p *plot) {
			for range p.count("victims") {
				in, ok := p.owner(func(c *card) bool { return c.entry == atm.Chip })
				if !ok {
					return
				}
				owner := intent{at: in.at + p.r.between(20*atm.Second, 50*atm.Second), card: in.card, machine: in.machine,
					kind: atm.Withdrawal, amount: p.cards[in.card].habit(p.r), entry: atm.Chip, flags: fails}
				p.plan(owner)
				at := owner.at + atm.Time(p.draw("wait")*float64(atm.Minute))
				m := p.near(p.r, in.machine)
				for range p.count("withdrawals") {
					p.do(intent{at: at, card: in.card, machine: m, kind: atm.Withdrawal, entry: atm.Chip, amount: p.loot(in.card, 0.3, 0.7)})
					at += atm.Time(p.draw("gap") * float64(atm.Minute))
				}
			}
		},
	}
}
