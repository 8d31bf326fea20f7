package simulator

import "skimwatch/engine/atm"

func accountTakeover() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "account_takeover",
			Meaning:   "The thief changes contact data, PIN and limit in the victim's name, then takes what the new limit allows.",
			Signature: "Changes of contact, PIN or limit, then withdrawals up to the new limit at unusual machines within 72 hours.",
			Source:    "FFIEC authentication guidance, 2021; UK Finance annual fraud report: account takeover",
			Parameters: []Parameter{
				{"wait", 0.5, 48, "hours", "from the changes to the first withdrawal"},
				{"withdrawals", 3, 5, "", "per card"},
				{"gap", 1, 240, "minutes", "between two withdrawals"},
			},
		},
		share: 8, size: 7.2, knows: 60 * atm.Hour,
		start: func(p *plot) {
			i, ok := p.victim(anyone)
			if !ok {
				return
			}
			m := p.anyMachine(p.r, p.cards[i].home)
			at := p.anyTime()
			for _, k := range [...]atm.Kind{atm.ContactChange, atm.PINChange, atm.LimitChange} {
				if k == atm.LimitChange || p.r.chance(0.6) {
					p.do(intent{at: at, card: i, machine: m, kind: k, entry: atm.Chip})
					at += p.r.between(40*atm.Second, 2*atm.Hour)
				}
			}
			at += atm.Time(p.draw("wait") * float64(atm.Hour))
			if p.r.chance(0.4) {
				m = p.elsewhere(m, 80)
			}
			for range p.count("withdrawals") {
				p.do(intent{at: at, card: i, machine: m, kind: atm.Withdrawal, entry: atm.Chip, amount: min(p.loot(i, 0.5, 1.2), p.cards[i].limit)})
				at += atm.Time(p.draw("gap") * float64(atm.Minute))
				m = p.near(p.r, m)
			}
		},
	}
}
