package simulator

import "skimwatch/engine/atm"

// planOutages breaks a few machines for some hours: their dispensers jam, and what the host approved is reversed,
// customer after customer.
func (w *World) planOutages() {
	for m := range w.machines {
		w.machines[m].outage = span{}
		r := w.dice.at(w.config.Seed, drawTown, uint64(m), uint64(w.day)+1<<32)
		if r.chance(0.006) {
			from := w.cities[w.machines[m].city].hour(w.start, r.number(7, 20))
			w.machines[m].outage = span{from, from + r.between(30*atm.Minute, 5*atm.Hour)}
		}
	}
}

// takeBack plans the reversal of an approved withdrawal where machine or customer calls for one.
func (w *World) takeBack(in *intent, id string, r *stream) {
	reason := ""
	switch {
	case w.machines[in.machine].outage.contains(in.at):
		reason = [...]string{"10", "13", "13"}[r.IntN(3)]
	case r.chance(0.003):
		reason = [...]string{"08", "01", "08", "10", "13", "20"}[r.IntN(6)]
	default:
		return
	}
	back := *in
	back.at, back.kind, back.undoes = in.at+r.between(4*atm.Second, 70*atm.Second), atm.Reversal, &undo{id, reason}
	w.plan(back)
}
