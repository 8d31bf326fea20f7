package simulator

import "skimwatch/engine/atm"

// trip is an honest journey. Between leave and arrive, and between depart and back, the traveller uses no machine: flights
// and transfers take as long as they plausibly do.
type trip struct {
	city                        int32
	leave, arrive, depart, back atm.Time
}

// away reports where the card is at t; ok is false while it is under way.
func (c *card) place(t atm.Time) (city int32, ok bool) {
	switch j := &c.trip; {
	case t < j.leave || t >= j.back:
		return c.home, true
	case t >= j.arrive && t < j.depart:
		return j.city, true
	}
	return 0, false
}

// travel starts a journey now and then. Some travellers announce it at a machine days before.
func (w *World) travel(i int32, r *stream) {
	c := &w.cards[i]
	if c.trip.back > w.start-atm.Day || !r.chance(0.0045) {
		return
	}
	to := int32(r.pick(w.journeys))
	if to == c.home {
		return
	}
	a, b := &w.cities[c.home], &w.cities[to]
	door := 3*atm.Hour + atm.Time(kilometres(a.lat, a.lon, b.lat, b.lon)/600*float64(atm.Hour))
	ahead, stay := atm.Time(r.number(2, 6))*atm.Day, atm.Time(r.number(1, 14))*atm.Day
	leave := w.start + ahead + r.between(4*atm.Hour, 20*atm.Hour)
	depart := leave + door + stay + r.between(0, 10*atm.Hour)
	c.trip = trip{city: to, leave: leave, arrive: leave + door, depart: depart, back: depart + door}
	if r.chance(0.45) {
		at := a.hour(w.start, r.number(9, 20)) + r.between(0, atm.Hour)
		w.today = append(w.today, intent{at: at, card: i, machine: c.spots[0][0], kind: atm.TravelNotice, entry: c.read(r, w.day)})
	}
}

// journeyWeights prefers large cities, among them those where none of our customers live.
func (w *World) journeyWeights() weights {
	return newWeights(len(w.cities), func(i int) float64 {
		if len(w.cities[i].machines) == 0 {
			return 0
		}
		return 500 + min(w.cities[i].people, 4000)
	})
}
