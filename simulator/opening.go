package simulator

// openMachines lets a part of a town take to a machine that opens today.
func (w *World) openMachines() {
	for m := range w.machines {
		if w.machines[m].opens != int32(w.day) || w.day == 0 {
			continue
		}
		r := w.dice.at(w.config.Seed, drawTerminals, uint64(m), 1)
		for i := range w.cards {
			c := &w.cards[i]
			if c.home == w.machines[m].city && r.chance(0.06) {
				c.spots[0][r.IntN(3)] = int32(m)
			}
		}
	}
}
