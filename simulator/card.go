package simulator

import (
	"fmt"

	"skimwatch/engine/atm"
)

// card is one customer's card, its habits and what the host keeps about it.
type card struct {
	token, last4, account, customer string

	issuer, purse, home int32
	persona             uint8
	sharers             uint8       // people who carry it
	spots               [2][3]int32 // favourite machines of each sharer, most loved first
	visits              float64     // per day
	usual               int64       // the amount it mostly takes
	explores            float64     // share of visits to other machines
	entry               atm.Entry   // how it is mostly read
	taps                float64     // share of contactless reads
	worn                days        // days on which the chip often fails
	forgets             float64     // chance per visit of a wrong PIN
	limit               int64       // per day, minor units

	opens  int32 // first day of use
	issue  int32 // how often it was replaced
	trip   trip
	host   ledger
	crimes crimes
}

// days is a range of days, the last one excluded.
type days struct{ from, to int32 }

func (d days) contains(day int) bool { return int32(day) >= d.from && int32(day) < d.to }

func (w *World) buildCards() {
	live := newWeights(len(w.cities), func(i int) float64 {
		if c := &w.cities[i]; c.home && len(c.machines) > 0 {
			return c.people
		}
		return 0
	})
	if live.total() == 0 {
		live = newWeights(len(w.cities), func(i int) float64 { return float64(len(w.cities[i].machines)) })
	}
	kinds := newWeights(len(w.personas), func(i int) float64 { return w.personas[i].share })
	banks := newWeights(len(issuers), func(i int) float64 { return issuerShare[i] })
	w.cards = make([]card, w.config.Cards)
	for i := range w.cards {
		r, c := w.dice.at(w.config.Seed, drawCards, uint64(i), 0), &w.cards[i]
		c.home, c.persona, c.issuer = int32(r.pick(live)), uint8(r.pick(kinds)), int32(r.pick(banks))
		c.token, c.last4 = w.token("card", uint64(i)<<16), fmt.Sprintf("%04d", r.IntN(10000))
		w.buildHabits(c, r)
		w.buildSpots(c, r)
		w.buildOwner(i, r)
	}
}

// buildHabits draws what stays the same about a card for as long as it lives.
func (w *World) buildHabits(c *card, r *stream) {
	p := &w.personas[c.persona]
	c.visits = min(0.62*p.visits*r.spread(0.6), 6)
	c.usual = r.notes(p.amount * r.spread(p.sigma))
	c.limit = p.limit[r.IntN(len(p.limit))]
	c.usual = min(c.usual, c.limit)
	c.explores = 0.04 + 0.16*r.Float64()*r.Float64()
	c.forgets = 0.01 * r.spread(0.8)
	c.entry = atm.Chip
	switch q := r.Float64(); {
	case q < 0.03: // never had a chip
		c.entry = atm.Magstripe
	case q < 0.17:
		c.taps = 0.85
	case q < 0.40:
		c.taps = 0.04
	}
	if c.entry == atm.Chip && r.chance(0.05) {
		c.worn = wearOut(r)
	}
	if r.chance(0.04) {
		c.opens = int32(r.number(3, 240))
	}
	if r.chance(0.008) {
		c.visits = 0 // a card in nobody's use; accounts of mules are opened among them
	}
	c.host.opened = c.opens <= 0 && c.visits > 0 // the world did not begin with its first day
	c.sharers = 1
	if r.chance(0.08) {
		c.sharers = 2
	}
}

// buildSpots takes machines near the home and near the work of everyone who carries the card.
func (w *World) buildSpots(c *card, r *stream) {
	for p := range c.spots {
		home, work := w.anyMachine(r, c.home), w.anyMachine(r, c.home)
		c.spots[p] = [3]int32{w.near(r, home), w.near(r, work), w.near(r, home)}
	}
}

// near draws a few machines of the same city and takes the closest.
func (w *World) near(r *stream, m int32) int32 {
	here, best, least := &w.machines[m], m, 1e9
	for range 5 {
		i := w.anyMachine(r, here.city)
		if d := kilometres(here.Lat, here.Lon, w.machines[i].Lat, w.machines[i].Lon); d < least {
			best, least = i, d
		}
	}
	return best
}

// buildOwner gives the card a customer and an account; some customers hold several cards, some on one account.
func (w *World) buildOwner(i int, r *stream) {
	c := &w.cards[i]
	again := i > 0 && r.chance(0.15)
	if again {
		before := &w.cards[i-1]
		c.customer, c.home, c.spots, c.issuer = before.customer, before.home, before.spots, before.issuer
	} else {
		c.customer = fmt.Sprintf("cus_%07d", i+1)
	}
	if again && r.chance(0.4) {
		c.purse, c.account = w.cards[i-1].purse, w.cards[i-1].account
		w.purses[c.purse].join(c)
		return
	}
	c.account, c.purse = fmt.Sprintf("acc_%07d", i+1), int32(len(w.purses))
	w.purses = append(w.purses, newPurse(c, r))
}

// reissue replaces a card that was blocked: a new number, an unworn chip, the same customer and habits.
func (w *World) reissue(i int32) {
	c := &w.cards[i]
	c.issue++
	r := w.dice.at(w.config.Seed, drawCards, uint64(i), uint64(c.issue))
	c.token, c.last4 = w.token("card", uint64(i)<<16|uint64(c.issue)), fmt.Sprintf("%04d", r.IntN(10000))
	c.worn, c.crimes, c.host = days{}, crimes{}, ledger{}
	if c.entry == atm.Magstripe {
		c.entry = atm.Chip
	}
}
