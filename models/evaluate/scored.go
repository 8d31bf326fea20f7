// Package evaluate measures how well scores find fraud, with the definitions that papers and scikit-learn use, so that
// numbers can be compared. Every split is by time, and respects that labels arrive late.
package evaluate

import (
	"cmp"
	"slices"

	"skimwatch/engine/atm"
)

// Scored is one transaction with the score a model gave it and the truth about it.
type Scored struct {
	Score    float64
	Fraud    bool
	Time     atm.Time // event time
	Card     string
	Amount   int64  // minor units
	Scenario string // of frauds, where known
}

// descending returns the transactions by falling score; equal scores stay in their order.
func descending(list []Scored) []Scored {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	return sorted
}

// Frauds counts the fraudulent transactions.
func Frauds(list []Scored) int {
	n := 0
	for i := range list {
		if list[i].Fraud {
			n++
		}
	}
	return n
}

// days splits transactions by the whole days since from, in order of time. Days without any are left out.
func days(list []Scored, from atm.Time) [][]Scored {
	by := map[atm.Time][]Scored{}
	for _, s := range list {
		d := floorDay(s.Time - from)
		by[d] = append(by[d], s)
	}
	keys := make([]atm.Time, 0, len(by))
	for d := range by {
		keys = append(keys, d)
	}
	slices.Sort(keys)
	out := make([][]Scored, len(keys))
	for i, d := range keys {
		out[i] = by[d]
	}
	return out
}

func floorDay(t atm.Time) atm.Time {
	d := t / atm.Day
	if t%atm.Day < 0 {
		d--
	}
	return d
}
