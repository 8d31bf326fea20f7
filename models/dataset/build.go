package dataset

import (
	"context"
	"fmt"
	"iter"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// Window is the event time of the rows to keep: From inclusive, To exclusive. Zero means unbounded. What lies outside
// feeds the state behind the features all the same.
type Window struct{ From, To atm.Time }

// Has says whether t lies in the window.
func (w Window) Has(t atm.Time) bool { return t >= w.From && (w.To == 0 || t < w.To) }

// New returns an empty set for vectors of the running catalogue.
func New() *Set { return &Set{Names: feature.Names(), FeatureSet: feature.Hash()} }

// Build folds a stream through both stages of the engine, in the order in which it comes, and keeps the vectors of the rows in
// the window. Each vector holds what was known when its transaction came. Repeated ids are left out. It stops at the first
// error of the stream. The engine keeps the strings of the transactions.
func Build(ctx context.Context, stream iter.Seq2[*atm.Transaction, error], keep Window) (*Set, error) {
	set, pipeline := New(), engine.New(engine.Config{})
	var s atm.Score
	n := 0
	for t, err := range stream {
		if err == nil && n%4096 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("build data set: after %d transactions: %w", n, err)
		}
		n++
		pipeline.Push(t, &s)
		if err := set.take(&s, keep); err != nil {
			return nil, fmt.Errorf("build data set: %w", err)
		}
	}
	return set, nil
}

func (s *Set) take(scored *atm.Score, keep Window) error {
	if scored.Flags&atm.Duplicate != 0 || !keep.Has(scored.Transaction.Time) {
		return nil
	}
	return s.Add(&scored.Transaction, scored.Vector)
}
