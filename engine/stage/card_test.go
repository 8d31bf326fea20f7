package stage

import (
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

func TestCardForwards(t *testing.T) {
	c := NewCard(3, 4, route)
	want := map[int]int64{}
	for i, machine := range []string{"A", "B", "C", "A", "D", "B", "A"} {
		tx := at(string(rune('a'+i)), float64(i), "c", machine)
		f := Forward{Value: []byte("prefix")}
		if letter := c.Apply(Input{Value: tx.AppendJSON(nil), Offset: int64(100 + i), Produced: 77}, &f); letter != nil {
			t.Fatal(letter.Reason)
		}
		if f.Key != machine || f.Partition != route(machine, 4) || string(f.Value[:6]) != "prefix" {
			t.Fatalf("record %d goes to %q in %d", i, f.Key, f.Partition)
		}
		var h hop
		var got atm.Transaction
		half := make([]float64, feature.CardSize())
		if err := h.read(f.Value[6:], half, &got); err != nil {
			t.Fatal(err)
		}
		if h.source != (atm.Position{Partition: 3, Offset: int64(100 + i)}) || h.sequence != want[f.Partition] || h.produced != 77 || got != tx {
			t.Fatalf("record %d: %+v with %+v", i, h, got)
		}
		if half[feature.Index("card_events_1h")] != float64(i+1) {
			t.Fatalf("record %d: %v events within 1 h", i, half[feature.Index("card_events_1h")])
		}
		want[f.Partition]++
	}
	if c.Counts != (Counts{Records: 7, Applied: 7}) || c.Keys() != 1 {
		t.Errorf("%+v, %d keys", c.Counts, c.Keys())
	}
}

func TestCardDeadLettersWhatDoesNotDecode(t *testing.T) {
	c := NewCard(2, 4, route)
	forward(t, c, topic(1, 1, 30)[0]...)
	before, counts := c.Checkpoint(9, 1), c.Counts
	f := func(record, reason string) {
		t.Helper()
		var out Forward
		letter := c.Apply(Input{Value: []byte(record), Offset: 41}, &out)
		if letter == nil || len(out.Value) != 0 {
			t.Fatalf("%q goes on as %+v", record, out)
		}
		if letter.Partition != 2 || letter.Offset != 41 || string(letter.Bytes) != record || !strings.Contains(letter.Reason, reason) {
			t.Fatalf("%q: %+v does not say %q", record, letter, reason)
		}
		counts.Records, counts.Dead = counts.Records+1, counts.Dead+1
	}
	f("", "record is empty")
	f("{}", "id is missing")
	f("\xff\x00", "an object")
	f(`{"id":"x","time":"2026-01-05T12:00:00Z","card":"c","atm":"A","kind":"withdrawal"}`, "amount is missing")
	f(strings.Repeat(" ", atm.MaxRecord+1), "larger than")
	if string(c.Checkpoint(9, 1)) != string(before) {
		t.Error("a dead letter changed the state")
	}
	if c.Counts != counts {
		t.Errorf("%+v, want %+v", c.Counts, counts)
	}
}

func TestCardCountsWhatIsUnusual(t *testing.T) {
	c := newCard(0)
	f := func(id string, minutes float64, card, machine string, want Counts) {
		t.Helper()
		tx := at(id, minutes, card, machine)
		var out Forward
		before := c.Counts
		c.Apply(Input{Value: tx.AppendJSON(nil)}, &out)
		want.Records, want.Applied = 1, 1
		got := Counts{Records: c.Records - before.Records, Applied: c.Applied - before.Applied, Late: c.Late - before.Late,
			Duplicates: c.Duplicates - before.Duplicates, Future: c.Future - before.Future, Overflows: c.Overflows - before.Overflows}
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	f("a", 0, "c", "A", Counts{})
	f("b", 0, "d", "B", Counts{})
	f("c", 10, "c", "A", Counts{})
	f("d", 1, "c", "A", Counts{Late: 1})
	f("d", 1, "c", "A", Counts{Late: 1, Duplicates: 1})
	f("c", 10, "c", "A", Counts{Duplicates: 1})
	f("e", 50*day, "c", "A", Counts{Future: 1})
	// far too late: its windows may have been longer
	f("f", -100*day, "c", "A", Counts{Late: 1, Overflows: 1})
}

func TestCardAppliesWithoutAllocating(t *testing.T) {
	c := newCard(0)
	records := topic(2, 1, 400)[0]
	var f Forward
	for i, b := range records {
		f.Value = f.Value[:0]
		c.Apply(Input{Value: b, Offset: int64(i)}, &f)
	}
	tx := at("", 0, "card0-1", "ATM1")
	values := make([][]byte, 0, 60)
	for i := range cap(values) {
		tx.ID, tx.Time = "again"+string(rune('a'+i)), noon+atm.Time(1200+i)*atm.Minute
		values = append(values, tx.AppendJSON(nil))
	}
	i := 0
	if n := testing.AllocsPerRun(len(values)-5, func() {
		f.Value = f.Value[:0]
		if c.Apply(Input{Value: values[i], Offset: int64(1000 + i)}, &f) != nil {
			t.Fatal("a dead letter")
		}
		i++
	}); n > 0.1 {
		t.Errorf("%v allocations per record", n)
	}
}
