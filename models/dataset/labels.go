package dataset

import (
	"cmp"
	"slices"

	"skimwatch/engine/atm"
)

// Labels are all labels known at a cut-off, by transaction. The zero value is not usable; see NewLabels.
type Labels struct {
	cutoff atm.Time
	by     map[string][]atm.Label
	later  int
}

// NewLabels returns an empty collection that takes labels known at or before the cut-off.
func NewLabels(cutoff atm.Time) *Labels {
	return &Labels{cutoff: cutoff, by: map[string][]atm.Label{}}
}

// Add takes one label. Of two by one source about one transaction the later known one wins. A label that became known
// after the cut-off is left out and counted in Later.
func (l *Labels) Add(label atm.Label) {
	if label.KnownAt > l.cutoff {
		l.later++
		return
	}
	known := l.by[label.Transaction]
	for i := range known {
		if known[i].Source == label.Source {
			if label.KnownAt >= known[i].KnownAt {
				known[i] = label
			}
			return
		}
	}
	l.by[label.Transaction] = append(known, label)
}

// Later counts the labels that were left out because nobody knew them at the cut-off.
func (l *Labels) Later() int { return l.later }

// Of returns the label that decides about a transaction, and false when there is none. A chargeback or the simulator's
// truth outranks an analyst. When sources agree, the label counts from when the first of them was known.
func (l *Labels) Of(transaction string) (atm.Label, bool) {
	known := l.by[transaction]
	if len(known) == 0 {
		return atm.Label{}, false
	}
	best := slices.MinFunc(known, func(a, b atm.Label) int {
		return cmp.Or(cmp.Compare(rank(a.Source), rank(b.Source)), cmp.Compare(a.KnownAt, b.KnownAt))
	})
	for _, other := range known {
		if other.Fraud == best.Fraud {
			best.KnownAt = min(best.KnownAt, other.KnownAt)
		}
	}
	return best, true
}

func rank(s atm.Source) int {
	switch s {
	case atm.Chargeback:
		return 0
	case atm.Simulator:
		return 1
	}
	return 2
}

// Label writes what l knows into the set's label columns and returns how many labels it found, by source. Labels of
// transactions that are not in the set change nothing.
func (s *Set) Label(l *Labels) map[atm.Source]int {
	used := map[atm.Source]int{}
	for row, id := range s.ID {
		label, ok := l.Of(id)
		if !ok {
			s.Fraud[row], s.KnownAt[row], s.Source[row], s.Scenario[row] = false, 0, "", ""
			continue
		}
		s.Fraud[row], s.KnownAt[row], s.Source[row], s.Scenario[row] = label.Fraud, label.KnownAt, label.Source, label.Scenario
		for _, known := range l.by[id] {
			used[known.Source]++
		}
	}
	s.Known = used
	return used
}
