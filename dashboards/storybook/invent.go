package storybook

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

type town struct {
	name, country string
	lat, lon      float64
	currency      string
}

var towns = []town{
	{"Hamburg", "DE", 53.55, 9.99, "EUR"}, {"Berlin", "DE", 52.52, 13.40, "EUR"}, {"München", "DE", 48.14, 11.58, "EUR"}, {"Köln", "DE", 50.94, 6.96, "EUR"},
	{"Amsterdam", "NL", 52.37, 4.90, "EUR"}, {"Bruxelles", "BE", 50.85, 4.35, "EUR"}, {"Paris", "FR", 48.86, 2.35, "EUR"}, {"Lyon", "FR", 45.76, 4.84, "EUR"},
	{"Milano", "IT", 45.46, 9.19, "EUR"}, {"Wien", "AT", 48.21, 16.37, "EUR"}, {"Praha", "CZ", 50.08, 14.44, "CZK"}, {"Warszawa", "PL", 52.23, 21.01, "PLN"},
	{"København", "DK", 55.68, 12.57, "DKK"}, {"Madrid", "ES", 40.42, -3.70, "EUR"}, {"Lisboa", "PT", 38.72, -9.14, "EUR"}, {"<b>O'Town</b>", "IE", 53.35, -6.26, "EUR"},
}

type story struct {
	code, text string
	kind       string
	entry      string
}

var stories = []story{
	{"rule:impossible_travel", "1,178 km from the last withdrawal in 41 min, which no one travels", "withdrawal", "magstripe"},
	{"card_withdrawals_10m", "5 withdrawals in 10 min; this card usually makes 0 or 1", "withdrawal", "chip"},
	{"rule:pin_guessing", "Right PIN after 2 wrong ones within 4 min, then the largest amount", "withdrawal", "chip"},
	{"atm_cards_10m", "31 cards at this ATM in 10 min, of 3 BINs", "withdrawal", "magstripe"},
	{"card_fallback", "A chip card read by its stripe, for the first time", "withdrawal", "fallback"},
	{"card_amount_ratio", "Amount 6.8 times the card's usual", "withdrawal", "chip"},
	{"card_first_contactless", "First contactless withdrawal, 340 km from home", "withdrawal", "contactless"},
	{"card_limit_change_24h", "Limit raised 2 h ago, then used up", "withdrawal", "chip"},
}

// terminal invents the n-th terminal.
func terminal(n int) (id string, t town) {
	r := rand.New(rand.NewPCG(11, uint64(n)))
	t = towns[r.IntN(len(towns))]
	t.lat += 0.25 * (r.Float64() - 0.5)
	t.lon += 0.35 * (r.Float64() - 0.5)
	return fmt.Sprintf("ATM%05d", 10400+37*n%8000), t
}

// episode invents the episode of a row.
func (w *World) episode(x row) dashboards.Episode {
	r := rand.New(rand.NewPCG(5, uint64(x.n)))
	s := stories[x.n%len(stories)]
	id, t := terminal(r.IntN(180))
	amount := int64(2000 * (5 + r.IntN(45)))
	at := Newest - atm.Time(x.n)*11*atm.Second - atm.Second
	hits := 1
	if x.n%3 == 0 {
		hits += r.IntN(5)
	}
	card := fmt.Sprintf("c%06xd%06x", r.IntN(1<<24), x.n)
	bin, last4 := fmt.Sprintf("4%05d", 20000+137*(x.n%400)), fmt.Sprintf("%04d", r.IntN(10000))
	a := atm.Alert{
		ID: x.id, Transaction: "t-" + x.id, Card: card, ATM: id, Time: at, Score: x.score, Threshold: 0.62, Model: "fraud/7", Rules: "rules/1",
		BIN: bin, Last4: last4, Lat: t.lat, Lon: t.lon, HasPlace: w.state != One, Country: t.country, City: t.name,
		Kind: s.kind, Amount: amount, Currency: t.currency, Entry: s.entry, Response: "00", Produced: x.raised - 3*atm.Millisecond, Raised: x.raised,
	}
	a.Reasons = []atm.Reason{{Code: s.code, Text: s.text, Contribution: 0.31}}
	if w.state != One {
		a.Reasons = append(a.Reasons, atm.Reason{Code: "card_new_atm", Text: "First time at this ATM", Contribution: 0.12}, atm.Reason{Code: "card_hour_share", Text: "At an hour at which this card was never used", Contribution: 0.07})
	}
	for i, f := range features {
		c := 0.22 * math.Exp(-0.35*float64((i+x.n)%len(features)))
		if (i+x.n)%4 == 3 {
			c = -c / 2
		}
		a.Evidence = append(a.Evidence, atm.Evidence{Feature: f.text.Name, Value: f.value(r), Contribution: c})
	}
	return dashboards.Episode{
		ID: x.id, Card: card, BIN: bin, Last4: last4, Status: x.status, Owner: x.owner, Score: x.score, Hits: hits,
		First: at - atm.Time(hits-1)*4*atm.Minute, Last: at, Raised: x.raised, Top: a,
	}
}

// CardEvents implements dashboards.Cards: the hits of the card's episode, then its ordinary life.
func (w *World) CardEvents(_ context.Context, card string, until atm.Time, n int) ([]dashboards.Event, error) {
	if w.state == One {
		return nil, nil
	}
	w.mu.Lock()
	var seq int
	_, err := fmt.Sscanf(card[8:], "%x", &seq)
	i := slices.IndexFunc(w.rows, func(x row) bool { return x.n == seq })
	if err != nil || i < 0 {
		w.mu.Unlock()
		return nil, nil
	}
	e := w.episode(w.rows[i])
	w.mu.Unlock()
	var out []dashboards.Event
	for k := range e.Hits {
		id := e.Top.Transaction
		if k > 0 {
			id = fmt.Sprintf("%s-%d", id, k)
		}
		out = append(out, event(e, id, e.Top.Time-atm.Time(k)*4*atm.Minute, e.Top.Amount, e.Top.ATM, town{e.Top.City, e.Top.Country, e.Top.Lat, e.Top.Lon, e.Top.Currency}, max(0.62, e.Score-0.05*float64(k))))
	}
	r := rand.New(rand.NewPCG(3, uint64(seq)))
	home := r.IntN(180)
	at := e.First
	for len(out) < n {
		at -= atm.Time(41+r.IntN(3000)) * atm.Minute
		id, t := terminal(home + r.IntN(3)/2)
		_, base := terminal(home)
		t.name, t.country, t.currency = base.name, base.country, base.currency
		t.lat, t.lon = base.lat+0.05*(r.Float64()-0.5), base.lon+0.05*(r.Float64()-0.5)
		out = append(out, event(e, fmt.Sprintf("t-%s-before-%d", e.ID, len(out)), at, int64(2000*(1+r.IntN(6))), id, t, 0.02+0.08*r.Float64()))
	}
	return out[:n], nil
}

func event(e dashboards.Episode, id string, at atm.Time, amount int64, terminal string, t town, score float64) dashboards.Event {
	x := dashboards.Event{Scored: true, Score: score, Threshold: 0.62, Decision: atm.Pass, Transaction: atm.Transaction{
		ID: id, Time: at, Card: e.Card, ATM: terminal, Lat: t.lat, Lon: t.lon, Country: t.country, City: t.name, Kind: atm.Withdrawal, Amount: amount, Currency: t.currency,
		Entry: atm.Chip, Response: atm.Approved, Has: atm.HasPlace | atm.HasAmount,
	}}
	if score >= 0.62 {
		x.Decision, x.Transaction.Entry = atm.Alerts, atm.Magstripe
	}
	if amount%7000 == 0 {
		x.Transaction.Response = atm.WrongPIN
	}
	return x
}
