package simulator

import (
	"slices"

	"skimwatch/engine/atm"
)

// planDay fills today with what everyone means to do on the next simulated day.
func (w *World) planDay() {
	w.start = w.config.Start + atm.Time(w.day)*atm.Day
	w.today, w.next = w.today[:0], 0
	w.openMachines()
	w.planOutages()
	w.planStoring()
	weekend, crowd := weekend(w.start), crowd(w.monthDay(w.day))
	for i := range w.cards {
		c := &w.cards[i]
		if c.host.blocked != 0 && c.host.blocked < w.start-4*atm.Day {
			w.reissue(int32(i))
		}
		if int32(w.day) < c.opens || c.visits == 0 {
			continue
		}
		r := w.dice.at(w.config.Seed, drawDay, uint64(i), uint64(w.day))
		w.travel(int32(i), r)
		w.move(int32(i), r)
		if int32(w.day) < c.opens {
			continue
		}
		mean := c.visits * crowd
		if weekend {
			mean *= w.personas[c.persona].weekend
		}
		for range r.poisson(mean) {
			w.visit(int32(i), r)
		}
	}
	w.planFairs()
	w.planService()
	w.planCrime()
	w.sortToday()
}

// sortToday puts today in order; what reaches past midnight waits with what was planned ahead.
func (w *World) sortToday() {
	kept := w.today[:0]
	for _, in := range w.today {
		if in.at >= w.start+atm.Day {
			w.plan(in)
			continue
		}
		in.turn = w.turn
		w.turn++
		kept = append(kept, in)
	}
	w.today = kept
	slices.SortFunc(w.today, earlier)
}

// visit plans one person's minutes at a machine.
func (w *World) visit(i int32, r *stream) {
	c := &w.cards[i]
	town, hour := &w.cities[c.home], r.pick(w.personas[c.persona].hours)
	at := town.hour(w.start, hour) + r.between(0, atm.Hour)
	city, ok := c.place(at)
	if !ok {
		return
	}
	var m int32
	switch {
	case city != c.home:
		m = w.anyMachine(r, city)
	case r.chance(c.explores):
		m = w.anyMachine(r, c.home)
	default:
		spots := &c.spots[r.IntN(int(c.sharers))]
		m = spots[[...]int{0, 0, 0, 0, 0, 1, 1, 1, 2, 2}[r.IntN(10)]]
		if w.machines[m].opens > int32(w.day) {
			m = w.anyMachine(r, c.home)
		}
	}
	w.session(intent{at: at, card: i, machine: m, entry: c.read(r, w.day)}, r)
}

// session plans what is done during one visit: perhaps a wrong PIN, perhaps a look at the balance, then the errand.
func (w *World) session(in intent, r *stream) {
	c := &w.cards[in.card]
	for tries := 0; r.chance(c.forgets) || tries > 0 && r.chance(0.25); tries++ {
		wrong := in
		wrong.kind, wrong.flags = atm.Withdrawal, wrongPIN
		wrong.amount = c.habit(r)
		w.today = append(w.today, wrong)
		in.at += r.between(12*atm.Second, 50*atm.Second)
		if tries == 2 {
			return
		}
	}
	q := r.Float64()
	if q < 0.12 {
		look := in
		look.kind = atm.Balance
		w.today = append(w.today, look)
		in.at += r.between(15*atm.Second, 60*atm.Second)
		q = r.Float64()
	}
	in.kind, in.amount = errand(q), 0
	switch in.kind {
	case atm.Withdrawal:
		in.amount = c.habit(r)
	case atm.Deposit, atm.Transfer:
		in.amount = max(500, int64(float64(c.usual)*1.5*r.spread(0.8))/500*500)
	}
	w.today = append(w.today, in)
	if in.kind == atm.LimitChange && r.chance(0.6) { // asked for because of a large purchase
		in.kind, in.at, in.amount = atm.Withdrawal, in.at+r.between(30*atm.Second, 20*atm.Minute), c.limit
		w.today = append(w.today, in)
	}
	if in.kind == atm.Withdrawal && r.chance(0.05) { // forgot somebody, or the machine gives only so much at once
		in.at += r.between(25*atm.Second, 4*atm.Minute)
		w.today = append(w.today, in)
	}
}

func errand(q float64) atm.Kind {
	switch {
	case q < 0.805:
		return atm.Withdrawal
	case q < 0.875:
		return atm.Balance
	case q < 0.935:
		return atm.Deposit
	case q < 0.985:
		return atm.Transfer
	case q < 0.990:
		return atm.PINChange
	case q < 0.995:
		return atm.ContactChange
	}
	return atm.LimitChange
}

// habit draws the amount of an honest withdrawal: mostly the usual one, sometimes anything, sometimes all the day allows.
func (c *card) habit(r *stream) int64 {
	switch q := r.Float64(); {
	case q < 0.5:
		return c.usual
	case q < 0.975:
		return min(r.notes(float64(c.usual)*r.spread(0.7)), c.limit)
	}
	return r.notes(float64(c.limit) * (0.5 + 0.5*r.Float64()))
}
