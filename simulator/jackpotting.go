package simulator

import "skimwatch/engine/atm"

func jackpotting() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "jackpotting",
			Meaning:   "Malware or a black box makes the dispenser pay without asking the host.",
			Signature: "Dispense events without a withdrawal, many within five minutes, at one machine.",
			Source:    "European Association for Secure Transactions, fraud definitions: black box and malware attacks; US Secret Service alert, January 2018",
			Parameters: []Parameter{
				{"dispenses", 5, 16, "", "until the cassettes are empty or somebody comes"},
				{"gap", 8, 40, "seconds", "between two dispenses"},
				{"notes", 10, 40, "notes of 20", "per dispense"},
			},
		},
		share: 6, size: 11, knows: 20 * atm.Hour,
		start: func(p *plot) {
			at, m := p.anyTime(), p.anyMachine(p.r, int32(p.r.pick(p.journeys)))
			for range p.count("dispenses") {
				p.do(intent{at: at, card: noCard, machine: m, kind: atm.Dispense, amount: int64(p.count("notes")) * 2000})
				at += atm.Time(p.draw("gap") * float64(atm.Second))
			}
		},
	}
}
