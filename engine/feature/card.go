package feature

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/window"
	"skimwatch/engine/wire"
)

// placed marks ring events at which the card itself stood at a terminal of known place.
const placed = 1 << 31

// CardState is what is remembered of one card. The zero value is a card never seen.
type CardState struct {
	ring  window.Ring
	habit habit
}

// habit is the card's lifetime profile: bounded, integer, in stream order.
type habit struct {
	events     int64 // all, ever
	approved   int64 // withdrawals
	amount     int64 // of approved withdrawals, minor units
	largest    int64 // approved withdrawal
	hours      [24]uint16
	entries    uint8
	atms       recent
	countries  recent
	lastChange atm.Time // of PIN, limit or contact; 0 is never
}

// cardView is what a computed feature of the card half may look at.
type cardView struct {
	t       *atm.Transaction
	e       *window.Event // t as the ring keeps it
	hour    int           // of the day, local to the terminal
	habit   *habit        // before t
	last    *window.Event // the card's latest event at or before t, nil when none is kept
	there   *window.Event // the latest of those at which the card stood at a known place
	numbers []float64     // the windowed features of the half, t included
	f       *Feature      // the one that is computed

	lastCopy, thereCopy window.Event
}

// need returns the value of the i-th feature that the computed one needs.
func (v *cardView) need(i int) float64 { return v.numbers[v.f.needed[i]] }

// CardFold folds transactions into card states. It holds scratch memory: one per goroutine.
type CardFold struct {
	layout *layout
	values []int64
	event  window.Event
	view   cardView
}

// NewCardFold returns a fold of the catalogue's card half.
func NewCardFold() *CardFold {
	return &CardFold{layout: catalogue.cards, values: make([]int64, catalogue.cards.plan.Size())}
}

// Apply folds t into s and writes the card half of the feature vector, CardSize values, to half. A duplicate by id changes
// nothing. Apply allocates only when the card's ring grows.
func (f *CardFold) Apply(s *CardState, t *atm.Transaction, watermark atm.Time, half []float64) (flags atm.Flags) {
	e := &f.event
	*e = window.Event{Time: int64(t.Time), ID: window.Hash(t.ID), Amount: t.Amount, Class: f.layout.sieve.sort(t), Lat: float32(t.Lat), Lon: float32(t.Lon),
		Value: [2]uint64{window.Hash(t.ATM), window.Hash(t.Country)}}
	if t.Is(atm.HasPlace) && present(t.Kind) {
		e.Class |= placed
	}
	f.view.look(s, t, e, half)
	var exact bool
	if s.ring.Has(e.ID) {
		flags |= atm.Duplicate
		exact = s.ring.Peek(f.layout.plan, e.Time, f.values)
	} else {
		exact = s.ring.Add(f.layout.plan, e, int64(watermark), f.values)
	}
	if !exact {
		flags |= atm.Overflow
	}
	for i, place := range f.layout.places {
		half[place] = float64(f.values[i])
	}
	for _, place := range f.layout.other {
		f.view.f = &catalogue.features[place]
		half[place] = f.view.f.card(&f.view)
	}
	if flags&atm.Duplicate == 0 {
		s.habit.learn(t, e, f.view.hour)
	}
	return flags
}

// look turns the view to t. The card's past is copied out of the ring, which is about to change.
func (v *cardView) look(s *CardState, t *atm.Transaction, e *window.Event, half []float64) {
	v.t, v.e, v.hour, v.habit, v.numbers, v.last, v.there = t, e, localHour(t), &s.habit, half, nil, nil
	n := s.ring.Before(e.Time)
	if o := latest(&s.ring, n, e, 0); o != nil {
		v.lastCopy = *o
		v.last = &v.lastCopy
	}
	if o := latest(&s.ring, n, e, placed); o != nil {
		v.thereCopy = *o
		v.there = &v.thereCopy
	}
}

// present says whether the card itself was at the terminal.
func present(k atm.Kind) bool {
	switch k {
	case atm.Withdrawal, atm.Balance, atm.Deposit, atm.Transfer, atm.PINChange:
		return true
	}
	return false
}

// latest returns the latest of the first n events of a ring that is not e itself and has the class, looking back over at most 16.
func latest(r *window.Ring, n int, e *window.Event, class uint32) *window.Event {
	for i := n - 1; i >= max(0, n-16); i-- {
		if o := r.At(i); o.Class&class == class && o.ID != e.ID {
			return o
		}
	}
	return nil
}

func (h *habit) learn(t *atm.Transaction, e *window.Event, hour int) {
	h.events++
	if present(t.Kind) {
		h.hour(hour)
		h.entries |= 1 << t.Entry
		h.atms.note(e.Value[0])
		h.countries.note(e.Value[1])
	}
	switch {
	case t.Kind == atm.Withdrawal && t.Response == atm.Approved:
		h.approved++
		h.amount += t.Amount
		h.largest = max(h.largest, t.Amount)
	case t.Kind == atm.PINChange || t.Kind == atm.LimitChange || t.Kind == atm.ContactChange:
		h.lastChange = max(h.lastChange, t.Time)
	}
}

// hour counts a use in an hour of the day; old uses fade by halving.
func (h *habit) hour(hour int) {
	h.hours[hour]++
	total := 0
	for _, n := range h.hours {
		total += int(n)
	}
	if total > 400 {
		for i := range h.hours {
			h.hours[i] /= 2
		}
	}
}

// recent remembers the last 24 different hashes, the latest first.
type recent struct {
	n      uint8
	hashes [24]uint64
}

func (r *recent) has(hash uint64) bool {
	for _, h := range r.hashes[:r.n] {
		if h == hash {
			return true
		}
	}
	return false
}

func (r *recent) note(hash uint64) {
	if hash == 0 {
		return
	}
	i := 0
	for i < int(r.n) && r.hashes[i] != hash {
		i++
	}
	if i == int(r.n) {
		if r.n < uint8(len(r.hashes)) {
			r.n++
		} else {
			i--
		}
	}
	copy(r.hashes[1:i+1], r.hashes[:i])
	r.hashes[0] = hash
}

// AppendBinary appends the state for a checkpoint.
func (s *CardState) AppendBinary(b []byte) []byte {
	h := &s.habit
	b = s.ring.AppendBinary(b)
	for _, v := range [...]int64{h.events, h.approved, h.amount, h.largest, int64(h.lastChange)} {
		b = wire.Int(b, v)
	}
	for _, v := range h.hours {
		b = wire.Uint(b, uint64(v))
	}
	b = append(b, h.entries)
	return h.countries.append(h.atms.append(b))
}

// ReadBinary reads what AppendBinary appended; errors stay in r.
func (s *CardState) ReadBinary(r *wire.Reader) {
	*s = CardState{}
	s.ring.ReadBinary(catalogue.cards.plan, r)
	h := &s.habit
	h.events, h.approved, h.amount, h.largest, h.lastChange = r.Int(), r.Int(), r.Int(), r.Int(), atm.Time(r.Int())
	for i := range h.hours {
		h.hours[i] = uint16(r.Uint())
	}
	h.entries = r.Byte()
	h.atms.read(r)
	h.countries.read(r)
}

func (r *recent) append(b []byte) []byte {
	b = append(b, r.n)
	for _, h := range r.hashes[:r.n] {
		b = wire.Fixed(b, h)
	}
	return b
}

func (r *recent) read(src *wire.Reader) {
	r.n = src.Byte()
	if int(r.n) > len(r.hashes) {
		src.Fail(wire.ErrTruncated)
		r.n = 0
	}
	for i := range r.n {
		r.hashes[i] = src.Fixed()
	}
}
