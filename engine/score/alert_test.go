package score

import (
	"encoding/json"
	"regexp"
	"testing"

	"skimwatch/engine/atm"
)

func TestAlertIDsAreStable(t *testing.T) {
	id := func(name, transaction string) string {
		t.Helper()
		d := NewDecider(Version{Name: name, Threshold: 0.5})
		s := withdrawal(travel)
		s.Transaction.ID, s.Scored = transaction, 99
		d.Decide(s)
		return d.Alert(s).ID
	}
	want := id("fraud/7", "t1")
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(want) {
		t.Errorf("%q is no UUIDv5", want)
	}
	if got := id("fraud/7", "t1"); got != want {
		t.Errorf("the same decision has ids %s and %s", want, got)
	}
	seen := map[string]bool{want: true}
	for _, other := range []string{id("fraud/8", "t1"), id("fraud/7", "t2"), id("", "t1"), id("", "t1\x00fraud/7")} {
		if seen[other] {
			t.Errorf("two decisions have the id %s", other)
		}
		seen[other] = true
	}
}

// An alert is a snapshot: the stage goes on to reuse what it was made from.
func TestAlertHasItsOwnMemory(t *testing.T) {
	d := NewDecider(Version{Name: "m/1", Threshold: 0.5, Model: linear{0.5, map[string]float64{"card_new_atm": 0.25}}})
	s := withdrawal(map[string]float64{"card_new_atm": 1})
	tx := &s.Transaction
	tx.BIN, tx.Last4, tx.Country, tx.City, tx.Lat, tx.Lon, tx.Entry, tx.Has = "457000", "1234", "CH", "Chur", 46.85, 9.53, atm.Chip, tx.Has|atm.HasPlace
	s.Produced, s.Scored = 7, 9
	d.Decide(s)
	a := d.Alert(s)
	before, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	s.Reasons[0].Code = "changed"
	clear(s.Vector)
	d.Decide(withdrawal(travel))
	if after, _ := json.Marshal(a); string(after) != string(before) {
		t.Errorf("the alert changed:\n%s\n%s", before, after)
	}
	var back atm.Alert
	if err := json.Unmarshal(before, &back); err != nil {
		t.Fatal(err)
	}
	a.Evidence, a.Reasons = nil, nil
	want := atm.Alert{ID: a.ID, Transaction: "t1", Card: "c", ATM: "A", Time: 5, Score: 0.75, Threshold: 0.5, Model: "m/1", Rules: a.Rules, BIN: "457000", Last4: "1234",
		Lat: 46.85, Lon: 9.53, HasPlace: true, Country: "CH", City: "Chur", Kind: "withdrawal", Amount: 20000, Currency: "CHF", Entry: "chip", Response: "00", Produced: 7, Raised: 9}
	gotText, _ := json.Marshal(a)
	wantText, _ := json.Marshal(want)
	if string(gotText) != string(wantText) {
		t.Errorf("\n got %s\nwant %s", gotText, wantText)
	}
}
