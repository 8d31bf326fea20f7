package feature_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// definition is a feature as somebody who has only the printed catalogue knows it.
type definition struct {
	Name      string              `json:"name"`
	Entity    string              `json:"entity"`
	Aggregate string              `json:"aggregate"`
	Of        string              `json:"of"`
	Where     map[string][]string `json:"where"`
	Window    int64               `json:"window_seconds"`
}

// definitions reads the windowed features, with their places in the vector, out of the catalogue's JSON.
func definitions(t *testing.T) map[int]definition {
	t.Helper()
	text, err := json.Marshal(feature.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	var all []definition
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	windowed := map[int]definition{}
	for i, d := range all {
		if slices.Contains([]string{"count", "sum", "distinct"}, d.Aggregate) {
			windowed[i] = d
		}
	}
	if len(windowed) < 20 {
		t.Fatalf("only %d features can be recomputed", len(windowed))
	}
	return windowed
}

// record is an event as it stands in the feed, with the features whose conditions it meets.
type record struct {
	fields map[string]any
	at     int64  // µs
	meets  []bool // per feature
}

func newRecord(t *testing.T, tx *atm.Transaction, all map[int]definition) record {
	t.Helper()
	r := record{meets: make([]bool, feature.Size())}
	if err := json.Unmarshal(tx.AppendJSON(nil), &r.fields); err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, r.fields["time"].(string))
	if err != nil {
		t.Fatal(err)
	}
	r.at = at.UnixMicro()
	for i, d := range all {
		r.meets[i] = true
		for field, allowed := range d.Where {
			value, _ := r.fields[field].(string)
			r.meets[i] = r.meets[i] && slices.Contains(allowed, value)
		}
	}
	return r
}

// recompute answers a definition for the newest record, naively.
func recompute(i int, d definition, seen []*record, now *record) float64 {
	total, values := 0.0, map[any]bool{}
	for _, e := range seen {
		if !e.meets[i] || e.at > now.at || e.at <= now.at-d.Window*1e6 {
			continue
		}
		switch d.Aggregate {
		case "count":
			total++
		case "sum":
			amount, _ := e.fields[d.Of].(float64)
			total += amount
		default:
			if v := e.fields[d.Of]; v != nil {
				values[v] = true
			}
		}
	}
	return total + float64(len(values))
}

// An outsider who has the catalogue and the feed gets every count, sum and distinct of every event, but where the vector
// itself says that a window had overflowed.
func TestOutsiderRecomputesEveryWindow(t *testing.T) {
	all := definitions(t)
	f := func(seed uint64, partitions, n int) {
		t.Helper()
		p := engine.New(engine.Config{Partitions: partitions})
		var s atm.Score
		seen := map[any][]*record{} // by card and by ATM
		ids, newest := map[string]bool{}, atm.Time(0)
		var late, duplicates, future, overflows int
		for k, tx := range stream(seed, n) {
			p.Push(&tx, &s)
			now := newRecord(t, &tx, all)
			// What came far too late is forgotten at once, its id too.
			if got := s.Flags&atm.Duplicate != 0; got != ids[tx.ID] && s.Flags&atm.Overflow == 0 {
				t.Fatalf("seed %d event %d (%s): duplicate %v", seed, k, tx.ID, got)
			}
			if !ids[tx.ID] {
				seen[tx.Card], seen[tx.ATM] = append(seen[tx.Card], &now), append(seen[tx.ATM], &now)
			}
			ids[tx.ID] = true
			late, duplicates, future = late+int(s.Flags&1), duplicates+int(s.Flags>>1&1), future+int(s.Flags>>2&1)
			if s.Flags&atm.Overflow != 0 {
				if overflows++; tx.Time >= newest-atm.Day {
					t.Fatalf("seed %d event %d: overflow, though only %v late", seed, k, (newest - tx.Time).Duration())
				}
				continue
			}
			if s.Flags&(atm.Future|atm.Duplicate) == 0 {
				newest = max(newest, tx.Time)
			}
			for i, d := range all {
				if want := recompute(i, d, seen[now.fields[d.Entity]], &now); s.Vector[i] != want {
					t.Fatalf("p%d seed %d event %d, %s = %v, want %v: %s", partitions, seed, k, d.Name, s.Vector[i], want, tx.AppendJSON(nil))
				}
			}
		}
		if late == 0 || duplicates == 0 || future == 0 || overflows > n/50 {
			t.Errorf("seed %d: %d late, %d duplicates, %d future, %d overflows of %d", seed, late, duplicates, future, overflows, n)
		}
	}
	for seed := range uint64(3) {
		f(seed, 1, 2000)
		f(seed, 4, 1500)
	}
}
