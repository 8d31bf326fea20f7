package simulator

import "skimwatch/engine/atm"

func pinGuess() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "pin_guess",
			Meaning:   "A stolen card is tried with birthdays and notes found in the wallet. Some guesses are right.",
			Signature: "One or two wrong PINs, then a right one or none, then large amounts, all within a quarter of an hour.",
			Source:    "Bonneau, Preibusch, Anderson: A birthday present every eleven wallets? (Financial Cryptography 2012)",
			Parameters: []Parameter{
				{"guesses", 1, 2, "", "wrong PINs before the right one"},
				{"luck", 0.7, 0.7, "share", "cards whose PIN is found"},
				{"withdrawals", 1, 3, "", "once the PIN is found"},
				{"gap", 0.3, 4, "minutes", "between two acts"},
			},
		},
		share: 9, size: 3.7, knows: 10 * atm.Hour,
		start: func(p *plot) {
			i, ok := p.victim(func(c *card) bool { return c.entry == atm.Chip })
			if !ok {
				return
			}
			city, ok := p.cards[i].place(p.start)
			if !ok {
				city = p.cards[i].home
			}
			in := intent{at: p.anyTime(), card: i, machine: p.anyMachine(p.r, city), kind: atm.Withdrawal, entry: atm.Chip}
			step := func(flags intentFlags, amount int64) {
				in.flags, in.amount = flags, amount
				p.do(in)
				in.at += atm.Time(p.draw("gap") * float64(atm.Minute))
			}
			guesses, found := p.count("guesses"), p.r.chance(p.draw("luck"))
			if !found {
				guesses = 3
			}
			for range guesses {
				step(wrongPIN, p.loot(i, 0.2, 0.8))
			}
			for range p.count("withdrawals") {
				if found {
					step(0, p.loot(i, 0.25, 0.6))
				}
			}
		},
	}
}
