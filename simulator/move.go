package simulator

// move lets somebody, mostly students, start over in another city: after two days on the way all machines are new, and
// stay so.
func (w *World) move(i int32, r *stream) {
	c := &w.cards[i]
	chance := 0.0001
	if w.personas[c.persona].name == "student" {
		chance = 0.001
	}
	if !r.chance(chance) || c.trip.back > w.start {
		return
	}
	to := int32(r.pick(w.journeys))
	if !w.cities[to].home {
		return
	}
	c.home, c.opens = to, int32(w.day)+2
	w.buildSpots(c, r)
}
