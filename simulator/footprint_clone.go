package simulator

import "skimwatch/engine/atm"

func footprintClone() scenario {
	return scenario{
		ScenarioInfo: ScenarioInfo{
			Name:      "footprint_clone",
			Meaning:   "As skimming, but the copies are used near the victims' homes, so that no journey gives them away.",
			Signature: "No travel: only the entry mode, the unusual hour or machine and the pace of the withdrawals are odd.",
			Source:    "Fraud analysts' term for a clone used within the owner's footprint; Europol IOCTA, payment fraud",
			Parameters: []Parameter{
				{"victims", 2, 7, "cards", "cards cashed out per skimmer"},
				{"stay", 2, 12, "days", "how long the skimmer stays on the machine"},
				{"lag", 10, 80, "hours", "from the copy to the cash-out"},
				{"withdrawals", 2, 4, "", "per card"},
				{"gap", 0.7, 12, "minutes", "between two withdrawals of a card"},
			},
		},
		share: 12, size: 16, knows: 60 * atm.Hour,
		start: func(p *plot) {
			p.plantSkimmer(&skimmer{
				until: p.start + atm.Time(p.draw("stay")*float64(atm.Day)), rate: 0.25, wanted: p.count("victims"),
				use: cashOutNearby, lag: lagOf,
			})
		},
	}
}

func cashOutNearby(p *plot, i int32, from atm.Time) {
	p.drain(i, p.anyMachine(p.r, p.cards[i].home), from+p.r.between(0, 18*atm.Hour), p.cloned())
}
