package window

import (
	"math/rand/v2"
	"slices"
	"testing"

	"skimwatch/engine/wire"
)

const minute = 60_000_000

func testPlan(t testing.TB, limit int) *Plan {
	t.Helper()
	p, err := NewPlan([]Spec{
		{10 * minute, 0, Count}, {60 * minute, 0, Count}, {60 * minute, 1, Count}, {60 * minute, 1, Sum},
		{10 * minute, 0, Distinct0}, {60 * minute, 0, Distinct0}, {60 * minute, 2, Distinct0}, {24 * 60 * minute, 0, Distinct1},
	}, 60*minute, limit)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// naive recomputes every window from all events seen so far.
func naive(p *Plan, seen []Event, at int64) []int64 {
	out := make([]int64, len(p.specs))
	for i, s := range p.specs {
		values := map[uint64]bool{}
		for _, e := range seen {
			if e.Time > at || e.Time <= at-s.Length || e.Class&s.Class != s.Class {
				continue
			}
			switch s.Aggregate {
			case Count:
				out[i]++
			case Sum:
				out[i] += e.Amount
			default:
				if v := e.Value[s.Aggregate-Distinct0]; v != 0 {
					values[v] = true
				}
			}
		}
		if s.Aggregate >= Distinct0 {
			out[i] = int64(len(values))
		}
	}
	return out
}

// stream makes events of which some are late, many share a time and many share a value.
func stream(seed uint64, n int) []Event {
	r := rand.New(rand.NewPCG(seed, 1))
	now, events := int64(1e15), []Event{}
	for i := range n {
		now += r.Int64N(6 * minute)
		if r.IntN(50) == 0 {
			now += 26 * 60 * minute
		}
		at := now
		if r.IntN(4) == 0 {
			at -= r.Int64N(90 * minute)
		}
		if r.IntN(5) == 0 {
			at = at / minute * minute
		}
		events = append(events, Event{Time: at, ID: uint64(i + 1), Amount: r.Int64N(50_000), Value: [2]uint64{r.Uint64N(5), 1 + r.Uint64N(3)}, Class: r.Uint32N(4)})
	}
	return events
}

func TestRingEqualsNaiveRecomputation(t *testing.T) {
	f := func(seed uint64) {
		t.Helper()
		p := testPlan(t, 1<<20)
		var r Ring
		var seen []Event
		out := make([]int64, p.Size())
		for i, e := range stream(seed, 600) {
			seen = append(seen, e)
			if !r.Add(p, &e, 0, out) {
				t.Fatalf("seed %d event %d: reported as inexact, but nothing was dropped", seed, i)
			}
			if want := naive(p, seen, e.Time); !slices.Equal(out, want) {
				t.Fatalf("seed %d event %d at %d:\n got %d\nwant %d", seed, i, e.Time, out, want)
			}
			if r.Peek(p, e.Time, out); !slices.Equal(out, naive(p, seen, e.Time)) {
				t.Fatalf("seed %d event %d: Peek differs from Add: %d", seed, i, out)
			}
		}
	}
	for seed := range uint64(20) {
		f(seed)
	}
}

// What was dropped behind the watermark is never missed by an event that the lateness allows.
func TestRingDropsOnlyWhatNobodyNeeds(t *testing.T) {
	p := testPlan(t, 1<<20)
	var r Ring
	var seen []Event
	out := make([]int64, p.Size())
	newest := int64(0)
	for i, e := range stream(7, 5000) {
		seen = append(seen, e)
		newest = max(newest, e.Time)
		exact := r.Add(p, &e, newest-90*minute, out)
		if want := naive(p, seen, e.Time); exact && !slices.Equal(out, want) {
			t.Fatalf("event %d: called exact, but\n got %d\nwant %d", i, out, want)
		} else if !exact {
			t.Fatalf("event %d: inexact within the lateness", i)
		}
	}
	if r.Len() > 1000 {
		t.Errorf("%d of 5000 events are still kept", r.Len())
	}
}

func TestRingOverflowIsReported(t *testing.T) {
	p := testPlan(t, 16)
	var r Ring
	out := make([]int64, p.Size())
	inexact := 0
	for i := range 64 {
		if e := (Event{Time: int64(i+1) * 1000, ID: uint64(i)}); !r.Add(p, &e, 0, out) {
			inexact++
		}
		if r.Len() > 16 {
			t.Fatalf("%d events kept, the limit is 16", r.Len())
		}
	}
	if inexact != 64-16 {
		t.Errorf("%d events were reported as inexact, want %d", inexact, 64-16)
	}
}

// Has answers the same whether few or many events are kept, with late events, repeated ids and drops.
func TestRingHas(t *testing.T) {
	for _, limit := range []int{20, 63, 64, 65, 300} {
		p := testPlan(t, limit)
		var r Ring
		out := make([]int64, p.Size())
		for i, e := range stream(9, 1500) {
			e.ID %= 700
			r.Add(p, &e, e.Time-300*minute, out)
			for _, id := range []uint64{e.ID, uint64(i) % 700, uint64(i * 7 % 900), 0, 1} {
				want := false
				for k := range r.Len() {
					want = want || max(r.At(k).ID, 1) == max(id, 1)
				}
				if got := r.Has(id); got != want && id > 1 {
					t.Fatalf("limit %d event %d: Has(%d) = %v among %d", limit, i, id, got, r.Len())
				}
			}
		}
	}
}

func TestSnapshotGoesOnAsBefore(t *testing.T) {
	p := testPlan(t, 200)
	var r Ring
	out, again := make([]int64, p.Size()), make([]int64, p.Size())
	events := stream(3, 900)
	for i := range 500 {
		r.Add(p, &events[i], events[i].Time-120*minute, out)
	}
	bytes := r.AppendBinary(nil)
	var restored Ring
	src := wire.NewReader(bytes)
	restored.ReadBinary(p, src)
	if err := src.End(); err != nil {
		t.Fatal(err)
	}
	if string(restored.AppendBinary(nil)) != string(bytes) {
		t.Fatal("a restored ring writes other bytes")
	}
	for i := 500; i < 900; i++ {
		a, b := r.Add(p, &events[i], events[i].Time-120*minute, out), restored.Add(p, &events[i], events[i].Time-120*minute, again)
		if a != b || !slices.Equal(out, again) {
			t.Fatalf("event %d: %d after a restore, %d without", i, again, out)
		}
	}
}

func FuzzRingReadBinary(f *testing.F) {
	p := testPlan(f, 100)
	var r Ring
	for _, e := range stream(1, 20) {
		r.Add(p, &e, 0, make([]int64, p.Size()))
	}
	f.Add(r.AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Ring
		src := wire.NewReader(b)
		if r.ReadBinary(p, src); src.End() == nil && string(r.AppendBinary(nil)) == "" {
			t.Error("a ring was read but writes nothing")
		}
	})
}

// Events years ahead wait: what comes after them is answered right, and as fast as if they were not there.
func TestEventsFarAheadWait(t *testing.T) {
	f := func(seed uint64) {
		t.Helper()
		p := testPlan(t, 1<<20)
		var r Ring
		var seen []Event
		out := make([]int64, p.Size())
		newest := int64(0)
		random := rand.New(rand.NewPCG(seed, 2))
		for i, e := range stream(seed, 800) {
			newest = max(newest, e.Time)
			switch random.IntN(40) {
			case 0:
				e.Time += 400 * 24 * 60 * minute // a clock that is a year off
			case 1:
				e.Time += 30 * 60 * minute // one that time comes up to
			}
			seen = append(seen, e)
			exact := r.Add(p, &e, newest-5*minute, out)
			if want := naive(p, seen, e.Time); exact && !slices.Equal(out, want) {
				t.Fatalf("seed %d event %d at %d:\n got %d\nwant %d", seed, i, e.Time, out, want)
			}
			if i%100 == 99 {
				var again Ring
				src := wire.NewReader(r.AppendBinary(nil))
				if again.ReadBinary(p, src); src.End() != nil || !slices.Equal(again.running, r.running) || again.head-again.first != r.head-r.first {
					t.Fatalf("seed %d event %d: restored as %d, %d before the head; was %d, %d: %v", seed, i, again.running, again.head-again.first, r.running, r.head-r.first, src.End())
				}
				r = again
			}
		}
		if r.end-r.head == 0 {
			t.Errorf("seed %d: nothing waits", seed)
		}
	}
	for seed := range uint64(20) {
		f(seed)
	}
}
