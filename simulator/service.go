package simulator

import "skimwatch/engine/atm"

// planService lets technicians fill machines: a service visit ends with one to four test dispenses, which no withdrawal
// stands behind either.
func (w *World) planService() {
	r := w.dice.at(w.config.Seed, drawTown, uint64(w.day), 3<<32)
	for m := range w.machines {
		if !r.chance(0.03) || w.machines[m].opens > int32(w.day) {
			continue
		}
		at := w.cities[w.machines[m].city].hour(w.start, r.number(5, 22)) + r.between(0, atm.Hour)
		for range r.number(1, 4) {
			w.today = append(w.today, intent{at: at, card: noCard, machine: int32(m), kind: atm.Dispense, amount: r.notes(float64(r.number(1, 20)) * 2000)})
			at += r.between(20*atm.Second, 3*atm.Minute)
		}
	}
}
