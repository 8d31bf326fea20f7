package simulator

import "skimwatch/engine/atm"

// answer carries out an intent: the issuer's host decides, books and may be reacted to. It reports whether a transaction
// was sent.
func (w *World) answer(in *intent, t *atm.Transaction) bool {
	m := &w.machines[in.machine]
	*t = atm.Transaction{Time: in.at, ATM: m.ID, Lat: m.Lat, Lon: m.Lon, Country: m.Country, City: m.City,
		Kind: in.kind, Entry: in.entry, Response: atm.Approved, Has: atm.HasPlace}
	t.ID = w.identity(in.at, in.card, in.turn)
	if in.kind.Money() {
		t.Amount, t.Currency, t.Has = in.amount, "EUR", t.Has|atm.HasAmount
	}
	if in.card == noCard {
		t.Card = m.service
		return true
	}
	c, day := &w.cards[in.card], int(in.at/atm.Day)
	if c.host.blocked != 0 && in.at >= c.host.blocked && in.crime == nil {
		return false // the owner was told and waits for the new card
	}
	p := &w.purses[c.purse]
	p.settle(day-int(w.config.Start/atm.Day), w.monthDay)
	c.host.roll(int32(day))
	c.host.opened = true
	t.Card, t.BIN, t.Last4, t.Account, t.Customer = c.token, issuers[c.issuer], c.last4, c.account, c.customer
	r := w.luck.at(w.config.Seed, drawHost, uint64(in.card), uint64(in.at))
	t.Response = w.decide(in, c, p, r)
	if t.Response == atm.Approved {
		w.book(in, c, p, t, r)
	}
	t.DailyLimit, t.Has = c.allowed(), t.Has|atm.HasLimit
	if t.Response == atm.Approved || t.Response == atm.NoFunds {
		t.BalanceAfter, t.Has = p.balance, t.Has|atm.HasBalance
	}
	w.react(in, t.Response, r)
	if m.skimmer != nil {
		m.skimmer.read(in, w, r)
	}
	return true
}

// allowed is the daily limit in force.
func (c *card) allowed() int64 { return max(c.limit, c.host.raised) }

func (w *World) decide(in *intent, c *card, p *purse, r *stream) atm.Response {
	switch l := &c.host; {
	case in.kind == atm.Reversal:
		return atm.Approved
	case in.flags&invalid != 0:
		return atm.InvalidCard
	case in.flags&fails != 0 || r.chance(0.0012):
		return atm.SystemError
	case r.chance(0.0008):
		return atm.IssuerDown
	case l.blocked != 0 && in.at >= l.blocked:
		return atm.Restricted
	case in.flags&wrongPIN != 0:
		if l.tries++; l.tries > 2 {
			return atm.PINTriesExceeded
		}
		return atm.WrongPIN
	case l.tries > 2:
		return atm.PINTriesExceeded
	case in.kind != atm.Withdrawal || in.flags&forced != 0:
		return atm.Approved
	case l.spent+in.amount > c.allowed():
		return atm.OverAmountLimit
	case l.count >= 10:
		return atm.OverCountLimit
	case in.amount > p.balance:
		return atm.NoFunds
	}
	return atm.Approved
}

// book does what was approved.
func (w *World) book(in *intent, c *card, p *purse, t *atm.Transaction, r *stream) {
	c.host.tries = 0
	switch in.kind {
	case atm.Withdrawal:
		c.host.spent += in.amount
		c.host.count++
		p.balance -= in.amount
		if in.flags&undone != 0 {
			back := *in
			back.at, back.kind, back.flags = in.at+r.between(15*atm.Second, 70*atm.Second), atm.Reversal, 0
			back.undoes = &undo{t.ID, [...]string{"10", "13", "20"}[r.IntN(3)]}
			w.plan(back)
			return
		}
		w.takeBack(in, t.ID, r)
	case atm.Reversal:
		t.ReversalOf, t.ReversalReason = in.undoes.id, in.undoes.reason
		c.host.spent = max(0, c.host.spent-in.amount)
		p.balance += in.amount
	case atm.Deposit, atm.Transfer:
		p.balance += in.amount
	case atm.LimitChange:
		c.host.raised = c.limit * 2
	}
}

// react plans what people do when a machine says no: honest ones and thieves try less, or look at the balance.
func (w *World) react(in *intent, answer atm.Response, r *stream) {
	if in.flags&second != 0 {
		return
	}
	again := *in
	again.at, again.flags = in.at+r.between(15*atm.Second, 90*atm.Second), in.flags|second
	switch answer {
	case atm.NoFunds, atm.OverAmountLimit:
		switch q := r.Float64(); {
		case q < 0.4 && in.amount >= 2000:
			again.amount = r.notes(float64(in.amount) * (0.2 + 0.5*r.Float64()))
		case q < 0.65:
			again.kind, again.amount = atm.Balance, 0
		default:
			return
		}
	case atm.SystemError, atm.IssuerDown:
		if in.flags&fails != 0 || r.chance(0.4) {
			return
		}
	default:
		return
	}
	w.plan(again)
}
