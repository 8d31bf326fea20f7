package simulator

import "skimwatch/engine/atm"

func pinProbing() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "pin_probing",
			Meaning:   "A batch of copies is sorted at one machine: which numbers still live, which PINs are right, what is on the account.",
			Signature: "Many cards with wrong PINs, unknown numbers and balance enquiries at one machine within half an hour.",
			Source:    "Europol IOCTA, payment fraud; ISO 8583 DE 39 values 14 and 55",
			Parameters: []Parameter{
				{"cards", 5, 14, "cards", "tried in one session"},
				{"gap", 15, 110, "seconds", "between two cards"},
			},
		},
		share: 8, size: 11, knows: 90 * atm.Hour,
		start: func(p *plot) {
			at, m := p.anyTime(), p.anyMachine(p.r, int32(p.r.pick(p.journeys)))
			for range p.count("cards") {
				i, ok := p.victim(anyone)
				if !ok {
					return
				}
				in := intent{at: at, card: i, machine: m, kind: atm.Balance, entry: p.cloned()}
				switch q := p.r.Float64(); {
				case q < 0.35:
					in.kind, in.amount, in.flags = atm.Withdrawal, p.loot(i, 0.1, 0.5), wrongPIN
				case q < 0.55:
					in.flags = invalid
				}
				p.do(in)
				at += atm.Time(p.draw("gap") * float64(atm.Second))
				if in.flags == 0 && p.r.chance(0.3) {
					in.at, in.kind, in.amount = at, atm.Withdrawal, p.loot(i, 0.1, 0.5)
					p.do(in)
					at += atm.Time(p.draw("gap") * float64(atm.Second))
				}
			}
		},
	}
}
