package simulator

import "skimwatch/engine/atm"

// purse is the money behind one or more cards, in minor units. It is brought up to date when it is next looked at.
type purse struct {
	balance int64
	income  int64 // per month
	costs   int64 // per day, spent elsewhere than at machines
	payday  uint8 // day of the month
	settled int32 // last day that is in the balance; -1 before the first
}

func newPurse(c *card, r *stream) purse {
	cash := 0.9 * c.visits * float64(c.usual) * 30
	p := purse{
		income:  int64(cash * (1.05 + 0.9*r.Float64())),
		payday:  [...]uint8{1, 15, 25, 25, 28}[r.IntN(5)],
		settled: -1,
	}
	p.income += int64(40000 + 100000*r.Float64())
	p.costs = (p.income - int64(cash)) / 36
	p.balance = int64(float64(p.income) * (0.2 + 1.3*r.Float64()))
	return p
}

// join adds what a further card takes from the account.
func (p *purse) join(c *card) {
	p.income += int64(0.8 * c.visits * float64(c.usual) * 30)
}

// settle books salaries and costs up to the given day. What is left over for months goes to savings; costs never take
// the last of it, since cash is what this customer lives on.
func (p *purse) settle(day int, month func(day int) int) {
	for d := max(p.settled+1, int32(day)-62); d <= int32(day); d++ {
		if month(int(d)) == int(p.payday) {
			p.balance = min(p.balance+p.income, 4*p.income)
		}
		if p.balance > p.costs*4 {
			p.balance -= p.costs
		}
	}
	p.settled = int32(day)
}

// ledger is what the host remembers of a card.
type ledger struct {
	day     int32 // that spent and count belong to
	spent   int64
	count   int32
	tries   int32 // wrong PINs in a row
	opened  bool  // was used before
	raised  int64 // limit that was asked for at a machine, 0: none
	blocked atm.Time
}

// roll forgets yesterday.
func (l *ledger) roll(day int32) {
	if l.day != day {
		l.day, l.spent, l.count, l.tries = day, 0, 0, 0
	}
}
