package simulator

import "skimwatch/engine/atm"

func structuring() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "structuring",
			Meaning:   "Money is taken out in amounts kept just below the limit that would be looked at, over several machines and days.",
			Signature: "Withdrawals just below the daily limit over one to seven days at several machines, also on both sides of midnight.",
			Source:    "FATF typologies on cash structuring; 31 U.S.C. 5324",
			Parameters: []Parameter{
				{"days", 2, 6, "days", "in a row"},
				{"part", 0.86, 0.98, "share", "of the daily limit that is taken"},
			},
		},
		share: 6, size: 4.6, knows: 7 * atm.Day,
		start: func(p *plot) {
			i, ok := p.victim(func(c *card) bool { return p.purses[c.purse].balance > 3*c.allowed() })
			if !ok {
				return
			}
			c := &p.cards[i]
			take := func(at atm.Time) {
				p.do(intent{at: at, card: i, machine: p.anyMachine(p.r, c.home), kind: atm.Withdrawal, entry: atm.Chip,
					amount: max(1000, int64(float64(c.allowed())*p.draw("part"))/1000*1000)})
			}
			days := p.count("days")
			for d := 0; d < days; d++ {
				midnight := p.start + atm.Time(d+1)*atm.Day - p.start%atm.Day
				if d+1 < days && p.r.chance(0.3) {
					take(midnight - p.r.between(4*atm.Minute, 25*atm.Minute))
					take(midnight + p.r.between(4*atm.Minute, 25*atm.Minute))
					d++
					continue
				}
				take(max(p.start, midnight-p.r.between(2*atm.Hour, 14*atm.Hour)))
			}
		},
	}
}
