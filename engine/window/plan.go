// Package window keeps, for one key, exact per-event sliding windows over event time. All windows of a key share one ring of
// events; each has its own tail and integer running values, so that an event in order costs O(1) per window, amortised.
// A window takes the events with time in (t − length, t]. Late events take a slower path and get the right answer too.
package window

import (
	"cmp"
	"fmt"
	"slices"
)

// Event is what a ring remembers of a transaction.
type Event struct {
	Time     int64  // event time, µs
	ID       uint64 // hash of the transaction's id
	Amount   int64  // minor units
	Value    [2]uint64
	Class    uint32 // bit i is set when the event passes filter i
	Lat, Lon float32
}

// Aggregate is what a window computes.
type Aggregate uint8

// The aggregates. Distinct0 and Distinct1 count different non-zero hashes in Event.Value; they are exact but for a collision
// of 64-bit hashes (odds below 1e-12 for ten thousand values).
const (
	Count Aggregate = iota
	Sum             // of Amount
	Distinct0
	Distinct1
)

// Spec is one number that a ring keeps: an aggregate over the events of one window that pass a filter.
type Spec struct {
	Length    int64 // µs
	Class     uint32
	Aggregate Aggregate
}

// takes says whether an event passes the filter: it must have all bits of Class.
func (s *Spec) takes(e *Event) bool { return e.Class&s.Class == s.Class }

// Plan is the set of numbers that every ring of one kind keeps. It is immutable and shared.
type Plan struct {
	specs   []Spec
	windows []span   // the shortest first
	longest [2]int64 // length of the longest distinct count of each value
	keep    int64    // µs that events are kept behind the watermark
	limit   int      // events per key
}

// span is all numbers over windows of one length.
type span struct {
	length   int64
	sums     []number // Count and Sum
	distinct [2][]number
}

// number is one spec made ready.
type number struct {
	spec  int // place in specs
	count int // place in the counts of a tally, distinct only
	class uint32
	sum   bool // of amounts
}

// Bounds that keep a ring's head and a tally's slot of fixed size.
const (
	maxDistinct = 4 // distinct counts of one value
	maxLengths  = 8 // different window lengths
)

// NewPlan makes a plan. Events are kept for the longest window and lateness more, and at most limit of them.
func NewPlan(specs []Spec, lateness int64, limit int) (*Plan, error) {
	p := &Plan{specs: specs, limit: limit}
	for _, s := range specs {
		if s.Length <= 0 {
			return nil, fmt.Errorf("window of %d µs is not positive", s.Length)
		}
		if !slices.ContainsFunc(p.windows, func(w span) bool { return w.length == s.Length }) {
			p.windows = append(p.windows, span{length: s.Length})
		}
	}
	if len(p.windows) > maxLengths {
		return nil, fmt.Errorf("%d window lengths are more than %d", len(p.windows), maxLengths)
	}
	slices.SortFunc(p.windows, func(a, b span) int { return cmp.Compare(a.length, b.length) })
	var counts [2]int
	for i, s := range specs {
		w := &p.windows[slices.IndexFunc(p.windows, func(w span) bool { return w.length == s.Length })]
		switch s.Aggregate {
		case Count, Sum:
			w.sums = append(w.sums, number{spec: i, class: s.Class, sum: s.Aggregate == Sum})
		case Distinct0, Distinct1:
			v := s.Aggregate - Distinct0
			if counts[v] == maxDistinct {
				return nil, fmt.Errorf("more than %d distinct counts of one value", maxDistinct)
			}
			w.distinct[v] = append(w.distinct[v], number{spec: i, count: counts[v], class: s.Class})
			p.longest[v] = max(p.longest[v], s.Length)
			counts[v]++
		}
	}
	p.keep = p.Longest() + lateness
	return p, nil
}

// Longest returns the length of the longest window in µs.
func (p *Plan) Longest() int64 {
	if len(p.windows) == 0 {
		return 0
	}
	return p.windows[len(p.windows)-1].length
}

// Size returns how many numbers the plan keeps.
func (p *Plan) Size() int { return len(p.specs) }
