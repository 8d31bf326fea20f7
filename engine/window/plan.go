// Package window keeps, for one key, exact per-event sliding windows over event time. All windows of a key share one ring of
// events; each has its own tail and integer running values, so that an event in order costs O(1) per window, amortised.
// A window takes the events with time in (t − length, t]. Late events take a slower path and get the right answer too.
package window

import (
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
	specs    []Spec
	lengths  []int64 // ascending, each once
	sums     [][]int // per length: its Count and Sum specs
	distinct [2][]distinctSpec
	longest  [2]int64 // length of the longest distinct count of each value
	keep     int64    // µs that events are kept behind the watermark
	limit    int      // events per key
}

// distinctSpec is a distinct count: its place in specs, its length's place in lengths.
type distinctSpec struct{ spec, length int }

// maxDistinct is how many distinct counts one value can have.
const maxDistinct = 4

// NewPlan makes a plan. Events are kept for the longest window and lateness more, and at most limit of them.
func NewPlan(specs []Spec, lateness int64, limit int) (*Plan, error) {
	p := &Plan{specs: specs, limit: limit}
	for _, s := range specs {
		if s.Length <= 0 {
			return nil, fmt.Errorf("window of %d µs is not positive", s.Length)
		}
		if !slices.Contains(p.lengths, s.Length) {
			p.lengths = append(p.lengths, s.Length)
		}
	}
	slices.Sort(p.lengths)
	p.sums = make([][]int, len(p.lengths))
	for i, s := range specs {
		l := slices.Index(p.lengths, s.Length)
		switch s.Aggregate {
		case Count, Sum:
			p.sums[l] = append(p.sums[l], i)
		case Distinct0, Distinct1:
			v := s.Aggregate - Distinct0
			p.distinct[v] = append(p.distinct[v], distinctSpec{i, l})
			p.longest[v] = max(p.longest[v], s.Length)
			if len(p.distinct[v]) > maxDistinct {
				return nil, fmt.Errorf("more than %d distinct counts of one value", maxDistinct)
			}
		}
	}
	p.keep = p.Longest() + lateness
	return p, nil
}

// Longest returns the length of the longest window in µs.
func (p *Plan) Longest() int64 {
	if len(p.lengths) == 0 {
		return 0
	}
	return p.lengths[len(p.lengths)-1]
}

// Size returns how many numbers the plan keeps.
func (p *Plan) Size() int { return len(p.specs) }
