package feature

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/window"
	"skimwatch/engine/wire"
)

// ATMState is what is remembered of one ATM. The zero value is an ATM never seen.
type ATMState struct {
	ring window.Ring
}

// atmView is what a computed feature of the ATM half may look at.
type atmView struct {
	t      *atm.Transaction
	last   *window.Event // the ATM's latest other event at or before t, nil when none is kept
	vector []float64     // the card half and the windowed features of the ATM half, t included
	f      *Feature      // the one that is computed

	lastCopy window.Event
}

// need returns the value of the i-th feature that the computed one needs.
func (v *atmView) need(i int) float64 { return v.vector[v.f.needed[i]] }

// ATMFold folds transactions into ATM states. It holds scratch memory: one per goroutine.
type ATMFold struct {
	layout *layout
	values []int64
	event  window.Event
	view   atmView
}

// NewATMFold returns a fold of the catalogue's ATM half.
func NewATMFold() *ATMFold {
	return &ATMFold{layout: catalogue.atms, values: make([]int64, catalogue.atms.plan.Size())}
}

// Apply folds t into s and completes the vector, whose first CardSize values are the card half. What the card stage found to
// be a duplicate changes nothing.
func (f *ATMFold) Apply(s *ATMState, t *atm.Transaction, flags atm.Flags, watermark atm.Time, vector []float64) atm.Flags {
	e, v := &f.event, &f.view
	*e = window.Event{Time: int64(t.Time), ID: window.Hash(t.ID), Amount: t.Amount, Class: f.layout.sieve.sort(t),
		Value: [2]uint64{window.Hash(t.Card), window.Hash(t.BIN)}}
	v.t, v.vector, v.last = t, vector, nil
	if o := latest(&s.ring, s.ring.Before(e.Time), e, 0); o != nil {
		v.lastCopy = *o
		v.last = &v.lastCopy
	}
	var exact bool
	if flags&atm.Duplicate != 0 {
		exact = s.ring.Peek(f.layout.plan, e.Time, f.values)
	} else {
		exact = s.ring.Add(f.layout.plan, e, int64(watermark), f.values)
	}
	if !exact {
		flags |= atm.Overflow
	}
	half := vector[CardSize():]
	for i, place := range f.layout.places {
		half[place] = float64(f.values[i])
	}
	for _, place := range f.layout.other {
		v.f = &catalogue.features[CardSize()+place]
		half[place] = v.f.atm(v)
	}
	return flags
}

// AppendBinary appends the state for a checkpoint.
func (s *ATMState) AppendBinary(b []byte) []byte {
	return s.ring.AppendBinary(b)
}

// ReadBinary reads what AppendBinary appended; errors stay in r.
func (s *ATMState) ReadBinary(r *wire.Reader) {
	*s = ATMState{}
	s.ring.ReadBinary(catalogue.atms.plan, r)
}
