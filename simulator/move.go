package simulator

// move lets a student start over in another city: from one day to the next all machines are new, and stay so.
func (w *World) move(i int32, r *stream) {
	c := &w.cards[i]
	if !r.chance(0.0003) || c.trip.back > w.start {
		return
	}
	to := int32(r.pick(w.journeys))
	if !w.cities[to].home {
		return
	}
	c.home = to
	w.buildSpots(c, r)
}
