package feature

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestTransactionItself(t *testing.T) {
	f := expect(t)
	f("amount", 10000, at(0))
	f("amount", 0, at(0, kind(atm.Balance), func(t *atm.Transaction) { t.Amount, t.Has = 0, 0 }))
	f("is_withdrawal", 1, at(0))
	f("is_withdrawal", 0, at(0, answer(atm.NoFunds)))
	f("is_withdrawal", 0, at(0, kind(atm.Deposit)))
	f("is_stripe", 1, at(0, entry(atm.Magstripe)))
	f("is_stripe", 1, at(0, entry(atm.Fallback)))
	f("is_stripe", 0, at(0, entry(0)))
	f("is_contactless", 1, at(0, entry(atm.Contactless)))
	f("is_contactless", 0, at(0))
	f("is_reversal", 1, at(0, kind(atm.Reversal)))
	f("is_dispense", 1, at(0, kind(atm.Dispense)))
	// Monday to Sunday
	for day := range 8 {
		f("weekday", float64(day%7), at(float64(day)*24*60))
	}
	f("weekday", 3, at(0, func(t *atm.Transaction) { t.Time = 0 })) // 1970-01-01 was a Thursday
	// the sun: 09:30 UTC, an hour for every 15 degrees
	f("hour", 9, at(0, nowhere))
	f("hour", 9, at(0, place(0, 7.4)))
	f("hour", 10, at(0, place(0, 7.6)))
	f("hour", 21, at(0, place(0, 180)))
	f("hour", 21, at(0, place(0, -180)))
	f("hour", 23, at(0, place(0, -150)))
	f("hour", 0, at(0, func(t *atm.Transaction) { t.Time = 0; nowhere(t) }))
}

func TestNovelty(t *testing.T) {
	f := expect(t)
	// a card without a past has no novelties
	f("card_new_atm", 0, at(0))
	f("card_new_country", 0, at(0))
	f("card_new_entry", 0, at(0))
	f("card_new_atm", 0, at(0), at(1))
	f("card_new_atm", 1, at(0), at(1, machine("B")))
	f("card_new_atm", 0, at(0), at(1, machine("B")), at(2))
	f("card_new_country", 1, at(0), at(1, country("FR")))
	f("card_new_country", 0, at(0), at(1, country("")))
	f("card_new_country", 0, at(0), at(1, country("FR")), at(2, country("FR")))
	f("card_new_entry", 1, at(0), at(1, entry(atm.Magstripe)))
	f("card_new_entry", 0, at(0), at(1, entry(0)))
	f("card_new_entry", 0, at(0, entry(atm.Magstripe)), at(1), at(2, entry(atm.Magstripe)))
	// what is done without the card is no use of it
	f("card_new_atm", 0, at(0), at(1, machine("B"), kind(atm.LimitChange)))
	f("card_new_atm", 1, at(0), at(1, machine("B"), kind(atm.LimitChange)), at(2, machine("B")))
	// a duplicate teaches nothing new
	f("card_new_atm", 0, at(0), at(1, machine("B"), id("x")), at(1, machine("B"), id("x")))
	// 24 ATMs are remembered, the least recently used one goes first
	visit := func(n int) []atm.Transaction {
		return repeat(n, func(i int) atm.Transaction { return at(float64(i), machine(string(rune('a'+i)))) })
	}
	f("card_new_atm", 0, append(visit(24), at(99, machine("a")))...)
	f("card_new_atm", 1, append(visit(25), at(99, machine("a")))...)
	f("card_new_atm", 0, append(visit(25), at(99, machine("b")))...)
	f("card_new_atm", 0, append(append(visit(24), at(50, machine("a")), at(51, machine("z"))), at(99, machine("a")))...)
	f("card_new_atm", 1, append(append(visit(24), at(50, machine("a")), at(51, machine("z"))), at(99, machine("b")))...)
}

func TestHourShare(t *testing.T) {
	f := expect(t)
	daily := func(n int, more ...atm.Transaction) []atm.Transaction {
		return append(repeat(n, func(i int) atm.Transaction { return at(float64(i) * 24 * 60) }), more...)
	}
	f("card_hour_share", 1, daily(9, at(9*24*60+12*60))...)
	f("card_hour_share", 0, daily(10, at(10*24*60+12*60))...)
	f("card_hour_share", 1, daily(10, at(10*24*60))...)
	f("card_hour_share", 1, daily(10, at(10*24*60+60))...)
	f("card_hour_share", 1, daily(10, at(10*24*60-60))...)
	f("card_hour_share", 0, daily(10, at(10*24*60+120))...)
	// the day has no edge: 23 h is next to 0 h
	night := repeat(10, func(i int) atm.Transaction { return at(float64(i)*24*60 + 14*60 + 45) })
	f("card_hour_share", 1, append(night, at(10*24*60+13*60+45))...)
	// old uses fade: after 300 nights, 200 uses by day are more than two fifths
	long := repeat(300, func(i int) atm.Transaction { return at(float64(i)*24*60 + 14*60 + 45) })
	long = append(long, repeat(200, func(i int) atm.Transaction { return at(float64(300+i) * 24 * 60) })...)
	f("card_hour_share", 149.0/299, append(long, at(600*24*60))...)
}

func TestHabit(t *testing.T) {
	f := expect(t)
	f("card_amount_to_mean", 1, at(0))
	f("card_amount_to_mean", 1.5, at(0), at(1, amount(30000)), at(2, amount(30000)))
	f("card_amount_to_largest", 1, at(0), at(1, amount(30000)), at(2, amount(30000)))
	f("card_amount_to_largest", 2, at(0), at(1, amount(20000)))
	f("card_amount_to_mean", 50, at(0, amount(1)), at(1, amount(atm.MaxAmount)))
	f("card_amount_to_largest", 50, at(0, amount(1)), at(1, amount(atm.MaxAmount)))
	// what was refused or is no withdrawal is no habit, and has none
	f("card_amount_to_mean", 1, at(0, answer(atm.NoFunds)), at(1, amount(50000)))
	f("card_amount_to_mean", 1, at(0, kind(atm.Deposit)), at(1, amount(50000)))
	f("card_amount_to_mean", 1, at(0), at(1, amount(50000), kind(atm.Deposit)))
	f("card_amount_to_mean", 5, at(0), at(1, amount(50000), answer(atm.NoFunds)))
	f("card_amount_to_largest", 1, at(0, amount(0)), at(1))
	// a duplicate is learnt once
	f("card_amount_to_mean", 1.5, at(0), at(1, amount(30000), id("x")), at(1, amount(30000), id("x")), at(2, amount(30000)))
}

func TestLimitsAndChanges(t *testing.T) {
	f := expect(t)
	f("card_limit_share", 0, at(0))
	f("card_limit_share", 0, at(0, limit(0)))
	f("card_limit_share", 0.2, at(0, limit(50000)))
	f("card_limit_share", 0.4, at(0), at(1, limit(50000)))
	f("card_limit_share", 0.2, at(0), at(24*60, limit(50000)))
	f("card_limit_share", 0, at(0, limit(50000), answer(atm.NoFunds)))
	f("card_limit_share", 5, at(0, limit(1)))
	f("card_balance_share", 0, at(0))
	f("card_balance_share", 0.25, at(0, balance(30000)))
	f("card_balance_share", 1, at(0, balance(0)))
	f("card_balance_share", 1, at(0, balance(-5000)))
	f("card_balance_share", 0, at(0, balance(-10000)))
	f("card_balance_share", 0, at(0, balance(30000), answer(atm.NoFunds)))
	f("card_balance_share", 0, at(0, balance(30000), kind(atm.Deposit)))
	f("card_pass_through_24h", 0, at(0))
	f("card_pass_through_24h", 0.5, at(0, kind(atm.Deposit), amount(20000)), at(1))
	f("card_pass_through_24h", 2, at(0, kind(atm.Transfer), amount(1)), at(1))
	f("card_pass_through_24h", 0, at(0, kind(atm.Deposit), amount(20000), answer(atm.SystemError)), at(1))
	f("card_seconds_since_change", never, at(0))
	f("card_seconds_since_change", 120, at(0, kind(atm.PINChange)), at(2))
	f("card_seconds_since_change", 60, at(0, kind(atm.LimitChange)), at(1, kind(atm.ContactChange)), at(2))
	f("card_seconds_since_change", never, at(0, kind(atm.TravelNotice)), at(2))
	f("card_seconds_since_change", never, at(0, kind(atm.PINChange)), at(31*24*60))
}
