package feature_test

import (
	"fmt"
	"math/rand/v2"

	"skimwatch/engine/atm"
)

// monday is the start of the streams of these tests: 2026-01-05T09:30:00Z.
const monday = atm.Time(1767605400_000000)

// stream makes n transactions as a bad day would bring them: some late, some far too late, some dated into the future, some
// twice, with optional fields missing, and many that share an instant.
func stream(seed uint64, n int) []atm.Transaction {
	r := rand.New(rand.NewPCG(seed, 7))
	now, events := monday, make([]atm.Transaction, 0, n)
	for i := range n {
		now += atm.Time(r.Int64N(int64(12 * atm.Minute)))
		if r.IntN(400) == 0 {
			now += atm.Time(r.Int64N(int64(20 * atm.Hour)))
		}
		if i > 0 && r.IntN(25) == 0 {
			events = append(events, events[i-1-r.IntN(min(i, 40))])
			continue
		}
		t := one(r)
		t.ID = fmt.Sprintf("t%d", i)
		switch at := now; r.IntN(100) {
		case 0: // one terminal has a wrong clock; two that agree would be believed
			t.ATM, t.Time = "ATM0", at+atm.Time(r.Int64N(int64(20*atm.Day)))
		case 1:
			t.Time = at - atm.Time(r.Int64N(int64(12*atm.Day)))
		case 2, 3, 4, 5, 6, 7, 8:
			t.Time = at - atm.Time(r.Int64N(int64(20*atm.Hour)))
		case 9, 10, 11, 12, 13, 14, 15, 16, 17, 18:
			t.Time = at / (10 * atm.Minute) * (10 * atm.Minute)
		default:
			t.Time = at
		}
		events = append(events, t)
	}
	return events
}

// one draws a transaction without id and time.
func one(r *rand.Rand) atm.Transaction {
	some := func(values ...string) string { return values[r.IntN(len(values))] }
	t := atm.Transaction{
		Card: fmt.Sprintf("card%d", r.IntN(12)), ATM: fmt.Sprintf("ATM%d", r.IntN(7)), BIN: some("457000", "511111", ""),
		Country: some("CH", "DE", "FR", ""), Kind: atm.Kind(1 + r.IntN(len(atm.Kinds)-1)), Entry: atm.Entry(r.IntN(len(atm.Entries))),
		Response: atm.Response(some("00", "00", "00", "51", "55", "75", "61", "14", "91", "Z9")),
	}
	if r.IntN(3) > 0 {
		t.Kind = atm.Withdrawal
	}
	if t.Kind.Money() || r.IntN(4) == 0 {
		t.Amount, t.Has = r.Int64N(50_000), t.Has|atm.HasAmount
	}
	if t.Kind == atm.Reversal {
		t.ReversalOf, t.ReversalReason = "t0", some("10", "13", "20")
	}
	if r.IntN(3) > 0 {
		t.Lat, t.Lon, t.Has = r.Float64()*180-90, r.Float64()*360-180, t.Has|atm.HasPlace
	}
	if r.IntN(2) == 0 {
		t.DailyLimit, t.BalanceAfter, t.Has = r.Int64N(3)*100_000, r.Int64N(200_000)-50_000, t.Has|atm.HasLimit|atm.HasBalance
	}
	return t
}
