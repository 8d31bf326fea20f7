// Package dataset holds what models are trained and judged on: point-in-time feature vectors of transactions, and the
// labels that were known about them at a cut-off.
package dataset

import (
	"fmt"
	"math"
	"strings"

	"skimwatch/engine/atm"
)

// Set is a table of transactions in the order in which the engine saw them. All columns have one entry per row.
// It is read only once built, and then safe to share between goroutines.
type Set struct {
	Names      []string  // features, in catalogue order
	FeatureSet uint64    // hash of the catalogue that Names come from
	X          []float64 // feature values, row after row; len(Names) per row
	ID         []string
	Time       []atm.Time // event time
	Card       []string
	Amount     []int64 // minor units; 0 for events without money

	// What the labels say, empty where there is none. No label means believed honest.
	Fraud    []bool
	KnownAt  []atm.Time         // when the label became known
	Source   []atm.Source       // empty: no label
	Scenario []string           // of frauds, where the label names one
	Known    map[atm.Source]int // labels of every source about these transactions, also those that another source outranks

	cards map[string]string // each card once
}

// Rows is the number of transactions.
func (s *Set) Rows() int { return len(s.ID) }

// Vector returns the feature values of one row. It aliases the set.
func (s *Set) Vector(row int) []float64 {
	n := len(s.Names)
	return s.X[row*n : (row+1)*n : (row+1)*n]
}

// FraudAt says whether row was known to be fraud at the cut-off.
func (s *Set) FraudAt(row int, cutoff atm.Time) bool {
	return s.Fraud[row] && s.KnownAt[row] <= cutoff
}

// LabelledAt says whether somebody had given a label to row by the cut-off, fraud or not.
func (s *Set) LabelledAt(row int, cutoff atm.Time) bool {
	return s.Source[row] != "" && s.KnownAt[row] <= cutoff
}

// Span returns the oldest and the newest event time; both 0 for an empty set.
func (s *Set) Span() (first, last atm.Time) {
	for i, t := range s.Time {
		if i == 0 || t < first {
			first = t
		}
		if i == 0 || t > last {
			last = t
		}
	}
	return first, last
}

// Add appends one scored transaction without a label. It keeps nothing of t and vector: both may be used again, and a
// transaction's strings often lie in a much longer line of text.
func (s *Set) Add(t *atm.Transaction, vector []float64) error {
	if len(vector) != len(s.Names) {
		return fmt.Errorf("add transaction %q: its vector has %d values, the feature set has %d", t.ID, len(vector), len(s.Names))
	}
	s.X = append(s.X, vector...)
	s.ID = append(s.ID, strings.Clone(t.ID))
	s.Time = append(s.Time, t.Time)
	s.Card = append(s.Card, s.card(t.Card))
	s.Amount = append(s.Amount, t.Amount)
	s.Fraud = append(s.Fraud, false)
	s.KnownAt = append(s.KnownAt, 0)
	s.Source = append(s.Source, "")
	s.Scenario = append(s.Scenario, "")
	return nil
}

// card returns the one copy of a card's token.
func (s *Set) card(token string) string {
	if kept, ok := s.cards[token]; ok {
		return kept
	}
	if s.cards == nil {
		s.cards = map[string]string{}
	}
	kept := strings.Clone(token)
	s.cards[kept] = kept
	return kept
}

// Keep returns a set with only the named features, in the order of names. The rows' other columns are shared with s.
// An unknown name is an error. The feature set's hash becomes 0, since no engine serves such a vector.
func (s *Set) Keep(names []string) (*Set, error) {
	at := make(map[string]int, len(s.Names))
	for i, n := range s.Names {
		at[n] = i
	}
	columns := make([]int, len(names))
	for i, n := range names {
		c, ok := at[n]
		if !ok {
			return nil, fmt.Errorf("feature %q is not in the catalogue", n)
		}
		columns[i] = c
	}
	kept := *s
	kept.Names, kept.FeatureSet = names, 0
	kept.X = make([]float64, 0, s.Rows()*len(names))
	for row := range s.Rows() {
		v := s.Vector(row)
		for _, c := range columns {
			kept.X = append(kept.X, v[c])
		}
	}
	return &kept, nil
}

// Part is some rows of a set, with the answer that a model should learn for each.
type Part struct {
	Set  *Set
	Rows []int
	Y    []bool // true: fraud; one per entry of Rows
}

// Frauds counts the rows whose answer is fraud.
func (p Part) Frauds() int {
	n := 0
	for _, y := range p.Y {
		if y {
			n++
		}
	}
	return n
}

// Vector returns the feature values of the i-th row of the part. It aliases the set.
func (p Part) Vector(i int) []float64 { return p.Set.Vector(p.Rows[i]) }

// Check returns an error that names the feature and the transaction when a value is not a finite number.
func (p Part) Check() error {
	if len(p.Rows) != len(p.Y) {
		return fmt.Errorf("part has %d rows and %d answers", len(p.Rows), len(p.Y))
	}
	for _, row := range p.Rows {
		for c, x := range p.Set.Vector(row) {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("feature %q of transaction %q is %g, not a finite number", p.Set.Names[c], p.Set.ID[row], x)
			}
		}
	}
	return nil
}
