package simulator

import "skimwatch/engine/atm"

// planFairs sends a town's people to one machine for an evening: a fair, a match, a concert. Many cards within minutes,
// and every one of them honest.
func (w *World) planFairs() {
	r := w.dice.at(w.config.Seed, drawTown, uint64(w.day), 2<<32)
	for range r.poisson(0.2 + float64(len(w.machines))/2000) {
		m := w.cards[r.IntN(len(w.cards))].spots[0][0] // where people live
		town := w.machines[m].city
		if w.machines[m].opens > int32(w.day) {
			continue
		}
		from := w.cities[town].hour(w.start, r.number(16, 20))
		guests := r.number(20, 90)
		for try := 0; try < 40*guests && guests > 0; try++ {
			i := int32(r.IntN(len(w.cards)))
			c, at := &w.cards[i], from+r.between(0, 150*atm.Minute)
			city, ok := c.place(at)
			if !ok || city != town || int32(w.day) < c.opens || c.visits == 0 || try > 20*guests {
				continue
			}
			guests--
			w.session(intent{at: at, card: i, machine: m, entry: c.read(r, w.day)}, r)
		}
	}
}
