package simulator

import (
	"testing"

	"skimwatch/engine/atm"
)

func TestDisorderLosesNothingAndDisturbsEverything(t *testing.T) {
	c := Config{Seed: 6, Cards: 3000, ATMs: 200, Days: 12}
	w, e := world(t, c), Event{}
	want, frauds := map[string]atm.Transaction{}, 0
	for w.Next(&e) {
		want[e.Transaction.ID] = e.Transaction
		frauds += len(e.Labels)
	}
	c.Disorder = true
	w = world(t, c)
	seen, n, back, twice, late, skewed := map[string]bool{}, int64(0), 0, 0, 0, 0
	var last, newest atm.Time
	for ; w.Next(&e); n++ {
		x := &e.Transaction
		if e.N != n || e.At < last {
			t.Fatalf("delivery %d: N %d, at %s after %s", n, e.N, e.At, last)
		}
		last = e.At
		o, ok := want[x.ID]
		if !ok {
			t.Fatalf("%s did not happen", x.ID)
		}
		if x.Time != o.Time {
			skewed++
		}
		o.Time = x.Time
		if o != *x {
			t.Fatalf("delivered %+v, happened %+v", *x, o)
		}
		if seen[x.ID] {
			twice++
			if len(e.Labels) > 0 {
				t.Errorf("a duplicate has labels")
			}
		}
		seen[x.ID] = true
		frauds -= len(e.Labels)
		if x.Time < newest {
			back++
		}
		if newest-x.Time > 10*atm.Minute {
			late++
		}
		newest = max(newest, x.Time)
	}
	t.Logf("of %d: %d out of order, %d later than ten minutes, %d twice, %d by a clock that is off", n, back, late, twice, skewed)
	if len(seen) != len(want) || frauds != 0 {
		t.Errorf("%d of %d arrived, %d labels too few", len(seen), len(want), frauds)
	}
	if back == 0 || late == 0 || twice == 0 || skewed == 0 {
		t.Error("the world is in order")
	}
}
