package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

// Honest people do all that thieves do, so a detector has to look closer.
func TestHonestPeopleLookLikeThievesNowAndThen(t *testing.T) {
	const days = 60
	w, e := world(t, Config{Seed: 4, Days: days, FraudRate: -1}), Event{}
	n, fallbacks, reversals, crowds := 0, map[string]int{}, map[string]int{}, map[string]map[string]bool{}
	kinds, answers, entries := map[atm.Kind]int{}, map[atm.Response]int{}, map[atm.Entry]int{}
	wrong, forgot, customers, first := map[string]act{}, 0, map[string]map[string]bool{}, map[string]atm.Time{}
	for w.Next(&e) {
		a := act{Transaction: e.Transaction}
		n++
		kinds[a.Kind]++
		answers[a.Response]++
		entries[a.Entry]++
		if a.Entry == atm.Fallback {
			fallbacks[a.Card]++
		}
		hour := a.ATM + a.Time.Std().Format("0102T15")
		if a.Kind == atm.Reversal {
			reversals[a.ATM+a.Time.Std().Format("0102")]++
		}
		note(crowds, hour, a.Card)
		note(customers, a.Customer, a.Card)
		if _, ok := first[a.ATM]; !ok {
			first[a.ATM] = a.Time
		}
		if o, ok := wrong[a.Card]; ok && a.Response == atm.Approved && a.Time-o.Time < atm.Minute {
			forgot++
		}
		delete(wrong, a.Card)
		if a.Response == atm.WrongPIN {
			wrong[a.Card] = a
		}
	}
	f := func(what string, got, low, high float64) {
		t.Helper()
		t.Logf("%-44s %.4f", what, got)
		if got < low || got > high {
			t.Errorf("%s: %g is not within %g to %g", what, got, low, high)
		}
	}
	share := func(of int) float64 { return float64(of) / float64(n) }
	f("transactions per card and day", float64(n)/days/5000, 0.8, 1.3)
	f("share without funds", share(answers[atm.NoFunds]), 0.005, 0.06)
	f("share over the limit", share(answers[atm.OverAmountLimit]), 0.005, 0.05)
	f("share of wrong PINs", share(answers[atm.WrongPIN]), 0.005, 0.03)
	f("cards retained", share(answers[atm.PINTriesExceeded]), 0.0002, 0.005)
	f("share of contactless reads", share(entries[atm.Contactless]), 0.05, 0.25)
	f("share of stripe reads", share(entries[atm.Magstripe]+entries[atm.Fallback]), 0.02, 0.08)
	f("cards whose chip is worn", count(fallbacks, 10), 40, 400)
	f("days on which an ATM reverses four or more", count(reversals, 4), 5, 1e3)
	f("hours in which twenty cards queue at one ATM", many(crowds, 20), 3, 2e3)
	f("customers with several cards", many(customers, 2), 300, 1500)
	f("forgotten PINs remembered within a minute", float64(forgot), 300, 1e5)
	f("machines that open later", late(first, w.config.Start+20*atm.Day), 2, 30)
	f("contact, PIN and limit changes", share(kinds[atm.ContactChange]+kinds[atm.PINChange]+kinds[atm.LimitChange]), 0.003, 0.03)
	f("test dispenses", share(kinds[atm.Dispense]), 0.001, 0.01)
	f("journeys announced", float64(kinds[atm.TravelNotice]), 100, 2000)
}

func note(sets map[string]map[string]bool, key, value string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][value] = true
}

func count(of map[string]int, atLeast int) (n float64) {
	for _, c := range of {
		if c >= atLeast {
			n++
		}
	}
	return n
}

func many(of map[string]map[string]bool, atLeast int) (n float64) {
	for key, c := range of {
		if key != "" && len(c) >= atLeast {
			n++
		}
	}
	return n
}

func late(of map[string]atm.Time, after atm.Time) (n float64) {
	for _, at := range of {
		if at >= after {
			n++
		}
	}
	return n
}

// A card found out is blocked and replaced: nobody gets money with it later, and its owner goes on with a new one.
func TestABlockedCardGivesNoMoney(t *testing.T) {
	w, e := world(t, Config{Seed: 5, Cards: 3000, ATMs: 100, Days: 60, FraudRate: 0.01}), Event{}
	known, cards, refused := map[string]atm.Time{}, map[string]map[string]bool{}, 0
	for w.Next(&e) {
		x := &e.Transaction
		note(cards, x.Customer, x.Card)
		for _, l := range e.Labels {
			if _, ok := known[x.Card]; !ok {
				known[x.Card] = l.KnownAt
			}
		}
		if at, ok := known[x.Card]; ok && x.BIN != "" && x.Time >= at {
			if x.Kind == atm.Withdrawal && x.Response == atm.Approved {
				t.Errorf("card %s pays at %s, known as stolen since %s", x.Card, x.Time, at)
			}
			if x.Response == atm.Restricted {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("no thief meets a blocked card")
	}
	replaced := 0
	for _, c := range cards {
		if len(c) > 2 {
			replaced++
		}
	}
	if replaced == 0 {
		t.Error("no card was replaced")
	}
}
