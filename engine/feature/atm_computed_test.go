package feature

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestATMRhythm(t *testing.T) {
	f := expect(t)
	f("atm_seconds_since_last", never, at(0))
	f("atm_seconds_since_last", 30, at(0, card("other")), at(0.5))
	f("atm_seconds_since_last", never, at(0, machine("B")), at(0.5))
	f("atm_seconds_since_last", never, at(0), at(40*24*60))
	f("atm_hour_to_day", 24, at(0))
	f("atm_hour_to_day", 12, at(0), at(120))
	f("atm_hour_to_day", 24, at(0), at(24*60))
	f("atm_amount_share", 1, at(0))
	f("atm_amount_share", 0.25, at(0, amount(30000)), at(1))
	f("atm_amount_share", 0, at(0, answer(atm.NoFunds)))
	f("atm_amount_share", 1, at(0), at(1, amount(50000), answer(atm.NoFunds)))
}

func TestUnmatchedDispenses(t *testing.T) {
	f := expect(t)
	pays := func(minute float64) atm.Transaction { return at(minute, kind(atm.Dispense)) }
	f("atm_unmatched_dispenses_5m", 0, at(0))
	f("atm_unmatched_dispenses_5m", 1, pays(0))
	f("atm_unmatched_dispenses_5m", 0, at(0), pays(0.1))
	f("atm_unmatched_dispenses_5m", 1, at(0, answer(atm.NoFunds)), pays(0.1))
	f("atm_unmatched_dispenses_5m", 2, at(0), pays(1), pays(2), pays(3))
	f("atm_unmatched_dispenses_5m", 2, pays(0), pays(1), pays(5))
}

// What the card stage calls a duplicate changes no state of the ATM either, and sees the ATM as it is.
func TestDuplicatesChangeNothing(t *testing.T) {
	f := newFolds()
	f.push(at(0))
	f.push(at(1, id("x")))
	cards, atms := f.cards["c"].AppendBinary(nil), f.atms["A"].AppendBinary(nil)
	vector, flags := f.push(at(1, id("x")))
	if flags != atm.Duplicate {
		t.Fatalf("flags %v", flags.Strings())
	}
	if string(f.cards["c"].AppendBinary(nil)) != string(cards) || string(f.atms["A"].AppendBinary(nil)) != string(atms) {
		t.Error("a duplicate changed a state")
	}
	if vector[Index("card_events_1h")] != 2 || vector[Index("atm_events_1h")] != 2 {
		t.Errorf("a duplicate sees %v and %v events, want 2", vector[Index("card_events_1h")], vector[Index("atm_events_1h")])
	}
	if _, flags := f.push(at(1, id("y"))); flags != 0 {
		t.Errorf("another id at the same instant is %v", flags.Strings())
	}
}
