package stage

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/engine/state"
)

// ATM is the atm stage of one partition of transactions.by-atm. It is not safe for use from two goroutines.
type ATM struct {
	Counts
	partition int32
	last      map[int32]int64 // last applied sequence per source partition
	clock     Clock
	atms      *state.Store[feature.ATMState, *feature.ATMState]
	fold      *feature.ATMFold
	decider   *score.Decider
}

// NewATM returns the atm stage of a partition before its first record, deciding by v.
func NewATM(partition int32, v score.Version) *ATM {
	return &ATM{partition: partition, last: map[int32]int64{}, atms: state.New[feature.ATMState](), fold: feature.NewATMFold(), decider: score.NewDecider(v)}
}

// Switch puts another model in force from the next record on. To stay reproducible it is called at a checkpoint only, and
// before that checkpoint is encoded.
func (a *ATM) Switch(v score.Version) { a.decider = score.NewDecider(v) }

// Model returns the model in force.
func (a *ATM) Model() score.Version { return a.decider.Version() }

// Fold applies the transaction in s, whose vector holds the card half, and fills in the rest of s but its positions and times.
func (a *ATM) Fold(s *atm.Score) {
	a.clock.See(&s.Transaction)
	s.FeatureSet = feature.Hash()
	s.Flags = a.fold.Apply(a.atms.At(s.Transaction.ATM), &s.Transaction, s.Flags, a.clock.Watermark(), s.Vector)
	a.flag(s.Flags)
	a.decider.Decide(s)
}

// Apply folds one record into s, reusing its slices, if and only if it is the next of its source: a smaller sequence is a
// repetition, a larger one comes again when its source replays, and both leave s without meaning. The strings of s alias
// the record. An error means that the record is not ours: it cannot be applied, ever.
func (a *ATM) Apply(in Input, s *atm.Score) (applied bool, err error) {
	a.Records++
	var h hop
	*s = atm.Score{Vector: sized(s.Vector, feature.Size()), Reasons: s.Reasons[:0]}
	if err := h.read(in.Value, s.Vector[:feature.CardSize()], &s.Transaction); err != nil {
		a.Dead++
		return false, err
	}
	last, seen := a.last[h.source.Partition]
	if !seen {
		last = -1
	}
	switch {
	case h.sequence <= last:
		a.Repeated++
		return false, nil
	case h.sequence > last+1:
		a.Gaps++
		return false, nil
	}
	a.last[h.source.Partition] = h.sequence
	s.CardAt, s.ATMAt = h.source, atm.Position{Partition: a.partition, Offset: in.Offset}
	s.Flags, s.Produced = h.flags, h.produced
	a.Fold(s)
	return true, nil
}

// Alert returns the alert of a score that a.Fold or a.Apply has just made.
func (a *ATM) Alert(s *atm.Score) atm.Alert { return a.decider.Alert(s) }

// Keys returns how many ATMs are known.
func (a *ATM) Keys() int { return a.atms.Len() }

// Watermark returns the partition's watermark.
func (a *ATM) Watermark() atm.Time { return a.clock.Watermark() }

func sized(v []float64, n int) []float64 {
	if cap(v) < n {
		return make([]float64, n)
	}
	return v[:n]
}
