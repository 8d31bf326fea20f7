package stage

import (
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/wire"
)

// The sequence rule: a record is applied if and only if it is the next of its source.
func TestATMAppliesEachRecordOnce(t *testing.T) {
	sources := [][]Forward{}
	for p, log := range [][]string{{"a", "b", "c", "d"}, {"x", "y", "z"}} {
		var records [][]byte
		for _, id := range log {
			tx := at(id, 0, "card"+id, "A")
			records = append(records, tx.AppendJSON(nil))
		}
		sources = append(sources, forward(t, newCard(int32(p)), records...))
	}
	a := newATM()
	applied := 0
	f := func(source, n int, want bool, counts Counts) {
		t.Helper()
		var s atm.Score
		before := a.Checkpoint(0, 0)
		got, err := a.Apply(Input{Value: sources[source][n].Value, Offset: 500}, &s)
		if err != nil || got != want {
			t.Fatalf("applied %v, %v", got, err)
		}
		if !got {
			if string(a.Checkpoint(0, 0)) != string(before) {
				t.Fatal("a record that is skipped changed the state")
			}
		} else if applied++; s.Vector[feature.Index("atm_events_1h")] != float64(applied) || s.CardAt != (atm.Position{Partition: int32(source), Offset: int64(n)}) || s.ATMAt.Offset != 500 || s.Produced != 77 {
			t.Fatalf("%v events at the ATM after %d: %+v", s.Vector[feature.Index("atm_events_1h")], applied, s)
		}
		if a.Repeated != counts.Repeated || a.Gaps != counts.Gaps || a.Applied != int64(applied) {
			t.Fatalf("%+v", a.Counts)
		}
	}
	f(0, 1, false, Counts{Gaps: 1}) // the first is missing
	f(0, 0, true, Counts{Gaps: 1})
	f(0, 0, false, Counts{Gaps: 1, Repeated: 1})
	f(0, 2, false, Counts{Gaps: 2, Repeated: 1}) // a lost batch: what follows waits
	f(0, 3, false, Counts{Gaps: 3, Repeated: 1})
	f(1, 0, true, Counts{Gaps: 3, Repeated: 1}) // another source goes on
	f(0, 1, true, Counts{Gaps: 3, Repeated: 1}) // the replay
	f(0, 2, true, Counts{Gaps: 3, Repeated: 1})
	f(0, 0, false, Counts{Gaps: 3, Repeated: 2})
	f(0, 3, true, Counts{Gaps: 3, Repeated: 2})
	f(1, 1, true, Counts{Gaps: 3, Repeated: 2})
	f(1, 2, true, Counts{Gaps: 3, Repeated: 2})
}

func TestATMRefusesForeignRecords(t *testing.T) {
	tx := at("a", 0, "c", "A")
	good := forward(t, newCard(0), tx.AppendJSON(nil))[0].Value
	a := newATM()
	before := a.Checkpoint(0, 0)
	f := func(b []byte, say string) {
		t.Helper()
		var s atm.Score
		dead := a.Dead
		if applied, err := a.Apply(Input{Value: b}, &s); err == nil || applied || !strings.Contains(err.Error(), say) {
			t.Fatalf("%v, %v does not say %q", applied, err, say)
		}
		if a.Dead != dead+1 || string(a.Checkpoint(0, 0)) != string(before) {
			t.Fatalf("counted as %+v, or the state changed", a.Counts)
		}
	}
	for i := range good {
		f(good[:i], "")
	}
	f(append(append([]byte(nil), good...), 0), "bytes follow")
	f(append([]byte{9}, good[1:]...), "format 9")
	other := append([]byte(nil), good...)
	r := wire.NewReader(good[2:])
	r.Int()
	r.Int()
	r.Int()
	r.Int()
	other[len(good)-r.Len()] ^= 1
	f(other, "feature set")
	f(nil, "truncated")
	f([]byte(`{"id":"a"}`), "format 123")
}

func FuzzATMApply(f *testing.F) {
	for _, o := range forward(f, newCard(0), topic(1, 1, 5)[0]...) {
		f.Add(o.Value)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a := newATM()
		var s atm.Score
		applied, err := a.Apply(Input{Value: b}, &s)
		if err != nil || !applied {
			return
		}
		if again, err := a.Apply(Input{Value: b}, &s); again || err != nil {
			t.Fatalf("applied twice: %v", err)
		}
		if _, err := newATM().Restore(a.Checkpoint(1, 1)); err != nil {
			t.Fatal(err)
		}
	})
}
