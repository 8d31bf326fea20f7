package simulator

import "skimwatch/engine/atm"

func relay() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "relay",
			Meaning:   "Malware on the victim's telephone relays a contactless tap to an accomplice at a machine elsewhere.",
			Signature: "The first contactless withdrawal of a card's life, while the card is used elsewhere within minutes.",
			Source:    "ESET research on NGate, August 2024; European Central Bank and EBA reports on payment fraud",
			Parameters: []Parameter{
				{"withdrawals", 1, 3, "", "per card"},
				{"wait", 2, 60, "minutes", "from the owner's last use"},
				{"gap", 0.7, 6, "minutes", "between two withdrawals"},
			},
		},
		share: 6, size: 2.6, knows: 24 * atm.Hour,
		start: func(p *plot) {
			in, ok := p.owner(func(c *card) bool { return c.entry == atm.Chip && c.taps < 0.5 })
			if !ok {
				return
			}
			at, m := in.at+atm.Time(p.draw("wait")*float64(atm.Minute)), p.anyMachine(p.r, p.machines[in.machine].city)
			if p.r.chance(0.5) {
				m = p.elsewhere(in.machine, 60)
			}
			for range p.count("withdrawals") {
				p.do(intent{at: at, card: in.card, machine: m, kind: atm.Withdrawal, entry: atm.Contactless, amount: p.loot(in.card, 0.2, 0.8)})
				at += atm.Time(p.draw("gap") * float64(atm.Minute))
			}
		},
	}
}
