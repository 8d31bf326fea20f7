package simulator

import "skimwatch/engine/atm"

// skimmer is a reader that thieves have put on a machine. It copies the stripe and films the PIN of honest customers; the
// data are fetched now and then and used days later.
type skimmer struct {
	plot    *plot
	machine int32
	until   atm.Time
	rate    float64 // share of visits that are read well enough
	wanted  int     // cards
	caught  []caught
	use     func(p *plot, card int32, from atm.Time) // plans the cash-out of one card
	lag     func(p *plot) atm.Time
}

type caught struct {
	card int32
	at   atm.Time
}

// plantSkimmer puts a skimmer on a busy machine that has none.
func (p *plot) plantSkimmer(s *skimmer) {
	s.plot, s.machine = p, -1
	for range 20 {
		m := p.cards[p.r.IntN(len(p.cards))].spots[0][0]
		if p.machines[m].skimmer == nil && p.machines[m].opens <= int32(p.day) {
			s.machine = m
			break
		}
	}
	if s.machine < 0 {
		return
	}
	p.machines[s.machine].skimmer = s
	p.crime.skimmers = append(p.crime.skimmers, s)
	p.planned += int(p.campaign.scenario.size)
}

// read copies an honest customer's card.
func (s *skimmer) read(in *intent, w *World, r *stream) {
	if in.crime != nil || in.flags != 0 || in.kind != atm.Withdrawal && in.kind != atm.Balance || in.entry == atm.Contactless {
		return
	}
	c := &w.cards[in.card]
	if in.at >= s.until || len(s.caught) >= s.wanted || !c.free() || !r.chance(s.rate) {
		return
	}
	c.crimes.campaign = s.plot.campaign
	s.caught = append(s.caught, caught{in.card, in.at})
}

// harvest uses the cards caught until today and reports whether the skimmer stays.
func (s *skimmer) harvest(w *World) bool {
	s.plot.planned = 0
	for _, c := range s.caught {
		if c.card >= 0 {
			s.use(s.plot, c.card, max(w.start, c.at+s.lag(s.plot)))
		}
	}
	for i := range s.caught {
		s.caught[i].card = -1
	}
	if w.start >= s.until || len(s.caught) >= s.wanted {
		w.machines[s.machine].skimmer = nil
		return false
	}
	return true
}
