package simulator

import "skimwatch/engine/atm"

func muleAccount() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "mule_account",
			Meaning:   "A new account serves to pass stolen money on: credits come in and leave as cash at once.",
			Signature: "A young card; most of each transfer or deposit is withdrawn within a day.",
			Source:    "Europol, European Money Mule Action; FATF report on professional money laundering, 2018",
			Parameters: []Parameter{
				{"rounds", 1, 3, "", "credits passed on"},
				{"part", 0.7, 0.95, "share", "of each credit that is withdrawn"},
				{"wait", 0.2, 12, "hours", "from the credit to the first withdrawal"},
				{"gap", 2, 240, "minutes", "between two withdrawals"},
			},
		},
		share: 8, size: 9, knows: 6 * atm.Day,
		start: func(p *plot) {
			i, ok := p.newcomer()
			if !ok {
				return
			}
			c, at := &p.cards[i], p.anyTime()
			for range p.count("rounds") {
				credit := p.r.notes(float64(c.limit) * (0.6 + 0.6*p.r.Float64()))
				in := intent{at: at, card: i, machine: c.spots[0][0], kind: atm.Transfer, entry: atm.Chip, amount: credit}
				if p.r.chance(0.3) {
					in.kind = atm.Deposit
				}
				p.do(in)
				left := p.r.notes(min(float64(credit)*p.draw("part"), float64(c.limit)))
				in.kind, in.at = atm.Withdrawal, at+atm.Time(p.draw("wait")*float64(atm.Hour))
				for left >= 1000 {
					in.amount = min(left, p.r.notes(float64(left)*(0.4+0.6*p.r.Float64())))
					in.machine = c.spots[0][p.r.IntN(3)]
					p.do(in)
					left -= in.amount
					in.at += atm.Time(p.draw("gap") * float64(atm.Minute))
				}
				at = in.at + p.r.between(20*atm.Hour, 70*atm.Hour)
			}
		},
	}
}

// newcomer draws a card that nobody has used yet; mules open accounts for the purpose.
func (p *plot) newcomer() (int32, bool) {
	for range 3000 {
		i := int32(p.r.IntN(len(p.cards)))
		if c := &p.cards[i]; !c.host.opened && c.crimes.campaign == nil && (c.visits == 0 || c.opens > int32(p.day)) {
			c.crimes.campaign, c.visits = p.campaign, 0
			return i, true
		}
	}
	return 0, false
}
