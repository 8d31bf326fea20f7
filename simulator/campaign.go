package simulator

import (
	"fmt"
	"math"
	"slices"

	"skimwatch/engine/atm"
)

// campaign is what one hand does: its transactions share a name in their labels.
type campaign struct {
	name     string
	scenario *scenario
	known    atm.Time // when it is found out, for crimes without a card
}

// crimes is what was done with one card.
type crimes struct {
	campaign *campaign
	known    atm.Time // when the owner or the bank finds out; 0: nothing was done yet
}

// underworld decides when crimes start, so that their share of all transactions comes out as configured.
type underworld struct {
	scenarios []scenario
	chance    weights // of a campaign to be of a scenario
	size      float64 // of a campaign on average
	daily     float64 // fraudulent transactions that belong into a day
	owed      float64 // fraudulent transactions not planned yet; below zero when more were planned
	campaigns int
	skimmers  []*skimmer
}

func (w *World) buildUnderworld() {
	u := &w.crime
	for _, s := range scenarios() {
		if w.config.Scenarios == nil || slices.Contains(w.config.Scenarios, s.Name) {
			u.scenarios = append(u.scenarios, s)
		}
	}
	if len(u.scenarios) == 0 || w.config.FraudRate <= 0 {
		u.scenarios = nil
		return
	}
	share := 0.0
	u.chance = newWeights(len(u.scenarios), func(i int) float64 {
		share += u.scenarios[i].share
		return u.scenarios[i].share / u.scenarios[i].size
	})
	u.size = share / u.chance.total()
	visits := 0.0
	for i := range w.cards {
		visits += w.cards[i].visits
	}
	const perVisit = 1.24 // transactions, wrong PINs and looks at the balance included
	u.daily = visits * perVisit * w.config.FraudRate / (1 - w.config.FraudRate)
	u.owed = u.size / 2
}

// planCrime starts today's campaigns and goes on with those that collect cards.
func (w *World) planCrime() {
	u := &w.crime
	if len(u.scenarios) == 0 {
		return
	}
	r := w.dice.at(w.config.Seed, drawCrime, uint64(w.day), 0)
	u.owed += u.daily
	n := r.poisson(max(0, (u.daily+(u.owed-u.daily)/5)/u.size))
	for range n {
		s := &u.scenarios[r.pick(u.chance)]
		u.campaigns++
		c := &campaign{name: fmt.Sprintf("%s-%05d", s.Name, u.campaigns), scenario: s}
		p := &plot{World: w, r: newStream().at(w.config.Seed, drawCrime, uint64(w.day), uint64(u.campaigns)), campaign: c}
		s.start(p)
		u.owed -= float64(p.planned)
	}
	u.skimmers = slices.DeleteFunc(u.skimmers, func(s *skimmer) bool { return !s.harvest(w) })
}

// plot is one campaign being planned.
type plot struct {
	*World
	r        *stream
	campaign *campaign
	planned  int
}

// draw draws one of the scenario's figures.
func (p *plot) draw(name string) float64 {
	q := p.campaign.scenario.parameter(name)
	return q.Low + (q.High-q.Low)*p.r.Float64()
}

// count draws one of the scenario's whole figures, both ends included.
func (p *plot) count(name string) int {
	q := p.campaign.scenario.parameter(name)
	return p.r.number(int(q.Low), int(q.High))
}

// do plans one fraudulent act.
func (p *plot) do(in intent) {
	in.crime = p.campaign
	p.plan(in)
	p.planned++
}

// anyTime draws an instant of today.
func (p *plot) anyTime() atm.Time { return p.r.between(p.start, p.start+atm.Day) }

// victim draws a card in honest use that no other campaign has and that suits.
func (p *plot) victim(suits func(*card) bool) (int32, bool) {
	for range 300 {
		i := int32(p.r.IntN(len(p.cards)))
		c := &p.cards[i]
		if c.free() && c.host.opened && suits(c) {
			c.crimes.campaign = p.campaign
			return i, true
		}
	}
	return 0, false
}

// free reports whether no campaign has the card yet.
func (c *card) free() bool { return c.crimes.campaign == nil && c.visits > 0 && c.host.blocked == 0 }

func anyone(*card) bool { return true }

// loot draws what a thief asks for at once: a large part of the day's limit.
func (p *plot) loot(i int32, low, high float64) int64 {
	limit := p.cards[i].allowed()
	return min(p.r.notes(float64(limit)*(low+(high-low)*p.r.Float64())), limit)
}

// cloned is how a card made from stripe data is read.
func (p *plot) cloned() atm.Entry {
	if p.r.chance(0.45) {
		return atm.Fallback
	}
	return atm.Magstripe
}

// elsewhere draws a machine at least this far from the other one; the farthest seen when there is none.
func (p *plot) elsewhere(m int32, kilometresOff float64) int32 {
	here, best, far := &p.machines[m], m, 0.0
	for range 30 {
		i := p.anyMachine(p.r, int32(p.r.pick(p.journeys)))
		d := kilometres(here.Lat, here.Lon, p.machines[i].Lat, p.machines[i].Lon)
		if d >= kilometresOff {
			return i
		}
		if d > far {
			best, far = i, d
		}
	}
	return best
}

// owner draws an honest act of today, not too late in the day, by a card that suits, and takes that card.
func (p *plot) owner(suits func(*card) bool) (intent, bool) {
	for range 300 {
		if len(p.today) == 0 {
			break
		}
		in := p.today[p.r.IntN(len(p.today))]
		if in.card == noCard || in.flags != 0 || in.at > p.start+22*atm.Hour {
			continue
		}
		if c := &p.cards[in.card]; c.free() && suits(c) {
			c.crimes.campaign = p.campaign
			return in, true
		}
	}
	return intent{}, false
}

// label tells the truth about a fraudulent transaction and when it is found out. The first fraud of a card decides when
// its owner notices; the card is blocked then.
func (w *World) label(in *intent, t *atm.Transaction, to []atm.Label) []atm.Label {
	if in.crime == nil {
		return to
	}
	known := &in.crime.known
	if in.card != noCard {
		known = &w.cards[in.card].crimes.known
	}
	if *known == 0 {
		r := w.luck.at(w.config.Seed, drawCrime, in.turn, uint64(in.at))
		delay := atm.Time(float64(in.crime.scenario.knows) * math.Exp(0.7*r.NormFloat64()))
		*known = in.at + min(max(delay, 3*atm.Hour), 30*atm.Day)
		if in.card != noCard {
			w.cards[in.card].host.blocked = *known
		}
	}
	return append(to, atm.Label{Transaction: t.ID, Fraud: true, Scenario: in.crime.scenario.Name, Campaign: in.crime.name,
		Source: atm.Simulator, KnownAt: max(*known, in.at+atm.Hour)})
}
