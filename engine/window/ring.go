package window

import "sort"

// Ring holds the recent events of one key in time order, with the running values of every window as of the head, its newest
// event that can be believed. Events far ahead of the watermark wait behind the head until time comes up to them: one clock
// that is years off must not make every later event of the key a late one.
// The zero Ring is empty and ready. It is not safe for use from two goroutines.
type Ring struct {
	events  []Event         // circular; length zero or a power of two; event i lies at i mod length
	first   int             // number of the oldest event kept
	head    int             // number after the newest event that is in the running values
	end     int             // number after the newest
	tails   [maxLengths]int // per window: number of the first event inside it
	running []int64         // per spec
	tally   [2]tally
	ids     tally // of all events kept, once there are many
	floor   int64 // time of the youngest event that was dropped; 0 when none was
	dropped bool
}

// Len returns how many events are kept.
func (r *Ring) Len() int { return r.end - r.first }

// At returns event i, counted from the oldest. It must not be changed.
func (r *Ring) At(i int) *Event { return r.at(r.first + i) }

func (r *Ring) at(i int) *Event { return &r.events[i&(len(r.events)-1)] }

// many is from how many events on their ids are indexed: looking through fewer is faster.
const many = 64

// Has reports whether an event with this id hash is kept.
func (r *Ring) Has(id uint64) bool {
	if r.Len() >= many {
		if r.ids.used == 0 {
			for i := r.first; i < r.end; i++ {
				r.noteID(r.at(i).ID)
			}
		}
		return r.ids.has(max(id, 1))
	}
	for i := r.first; i < r.end; i++ {
		if r.at(i).ID == id {
			return true
		}
	}
	return false
}

func (r *Ring) noteID(id uint64) { r.ids.at(max(id, 1)).counts[0]++ }

// Before returns how many kept events have a time at or before t: At(Before(t)-1) is the latest of them.
func (r *Ring) Before(t int64) int { return r.upper(t) - r.first }

// upper returns the number of the first event after t. Most events come in order, so the end is looked at first.
func (r *Ring) upper(t int64) int {
	if r.end == r.first || r.at(r.end-1).Time <= t {
		return r.end
	}
	return r.first + sort.Search(r.end-r.first, func(i int) bool { return r.at(r.first+i).Time > t })
}

// ahead is how far beyond the watermark an event waits behind the head, µs.
const ahead = 25 * 3600 * 1_000_000

// Add puts e into the ring and writes the value of every window at e.Time, e included, to out, one per spec. Events before
// watermark − (longest window + lateness) are dropped first. It reports false when a dropped event may be missing in out.
func (r *Ring) Add(p *Plan, e *Event, watermark int64, out []int64) (exact bool) {
	r.init(p)
	switch {
	case r.head > r.first && e.Time < r.at(r.head-1).Time:
		r.insertLate(p, e)
		r.scan(p, e.Time, out)
	case watermark > 0 && e.Time > watermark+ahead:
		r.insert(r.upper(e.Time), e)
		r.scan(p, e.Time, out)
	default:
		r.insert(r.upper(e.Time), e)
		r.advance(p, e.Time)
		copy(out, r.running)
	}
	for r.end-r.first > 1 && (r.Len() > p.limit || r.at(r.first).Time <= watermark-p.keep) {
		r.drop(p)
	}
	return r.exact(p, e.Time)
}

// Peek writes to out what the windows hold at t without adding anything.
func (r *Ring) Peek(p *Plan, t int64, out []int64) (exact bool) {
	r.scan(p, t, out)
	return r.exact(p, t)
}

func (r *Ring) exact(p *Plan, t int64) bool { return !r.dropped || r.floor <= t-p.Longest() }

func (r *Ring) init(p *Plan) {
	if r.running == nil {
		r.running = make([]int64, len(p.specs))
	}
}

// advance moves the head to t, taking in the events up to it and out what falls behind the tails.
func (r *Ring) advance(p *Plan, t int64) {
	for r.head < r.end && r.at(r.head).Time <= t {
		e := r.at(r.head)
		r.expireUpTo(p, e.Time)
		r.head++
		r.apply(p, e, 0)
	}
}

// expireUpTo takes out of every window what is too old at t.
func (r *Ring) expireUpTo(p *Plan, t int64) {
	for l := range p.windows {
		for w := &p.windows[l]; r.tails[l] < r.head; r.tails[l]++ {
			e := r.at(r.tails[l])
			if e.Time > t-w.length {
				break
			}
			r.expire(w, e)
		}
	}
}

// expire takes e out of the running values of one window.
func (r *Ring) expire(w *span, e *Event) {
	r.addSums(w, e, -1)
	for v := range r.tally {
		if e.Value[v] == 0 {
			continue
		}
		for i := range w.distinct[v] {
			n := &w.distinct[v][i]
			if e.Class&n.class != n.class {
				continue
			}
			s := r.tally[v].at(e.Value[v])
			if s.counts[n.count]--; s.counts[n.count] == 0 {
				r.running[n.spec]--
				r.tally[v].release(s)
			}
		}
	}
}

// apply adds e to the windows that hold what is so many µs old.
func (r *Ring) apply(p *Plan, e *Event, age int64) {
	for l := range p.windows {
		if p.windows[l].length > age {
			r.addSums(&p.windows[l], e, 1)
		}
	}
	for v := range r.tally {
		if e.Value[v] != 0 && p.longest[v] > age {
			r.applyDistinct(p, v, e, age)
		}
	}
}

func (r *Ring) addSums(w *span, e *Event, sign int64) {
	for i := range w.sums {
		n := &w.sums[i]
		if e.Class&n.class != n.class {
			continue
		}
		if n.sum {
			r.running[n.spec] += sign * e.Amount
		} else {
			r.running[n.spec] += sign
		}
	}
}

// applyDistinct finds the value once for all windows.
func (r *Ring) applyDistinct(p *Plan, v int, e *Event, age int64) {
	s := r.tally[v].at(e.Value[v])
	for l := range p.windows {
		if p.windows[l].length <= age {
			continue
		}
		for i := range p.windows[l].distinct[v] {
			n := &p.windows[l].distinct[v][i]
			if e.Class&n.class != n.class {
				continue
			}
			if s.counts[n.count]++; s.counts[n.count] == 1 {
				r.running[n.spec]++
			}
		}
	}
	r.tally[v].release(s) // when no filter took it
}

// insert puts e at a place, moving what comes after it.
func (r *Ring) insert(place int, e *Event) {
	if r.Len() == len(r.events) {
		r.grow()
	}
	r.end++
	for i := r.end - 1; i > place; i-- {
		*r.at(i) = *r.at(i - 1)
	}
	*r.at(place) = *e
	if r.ids.used > 0 {
		r.noteID(e.ID)
	}
}

func (r *Ring) grow() {
	bigger := make([]Event, max(4, 2*len(r.events)))
	for i := r.first; i < r.end; i++ {
		bigger[i&(len(bigger)-1)] = *r.at(i)
	}
	r.events = bigger
}

// insertLate puts e before the head where its time belongs and adds it to the windows that hold it as of the head.
func (r *Ring) insertLate(p *Plan, e *Event) {
	newest := r.at(r.head - 1).Time
	r.insert(r.upper(e.Time), e)
	r.head++
	r.apply(p, e, newest-e.Time)
	for l := range p.windows {
		if e.Time <= newest-p.windows[l].length {
			r.tails[l]++
		}
	}
}

// drop forgets the oldest event.
func (r *Ring) drop(p *Plan) {
	for l := range p.windows {
		if r.tails[l] > r.first {
			continue
		}
		if r.first < r.head {
			r.expire(&p.windows[l], r.at(r.first))
		}
		r.tails[l]++
	}
	if r.ids.used > 0 {
		s := r.ids.at(max(r.at(r.first).ID, 1))
		s.counts[0]--
		r.ids.release(s)
	}
	r.floor, r.dropped = max(r.floor, r.at(r.first).Time), true
	r.first++
	r.head = max(r.head, r.first)
}

// scan computes every window at t from the events themselves.
func (r *Ring) scan(p *Plan, t int64, out []int64) {
	clear(out)
	end := r.upper(t)
	for i := range p.specs {
		s := &p.specs[i]
		var seen map[uint64]struct{}
		for n := end - 1; n >= r.first && r.at(n).Time > t-s.Length; n-- {
			e := r.at(n)
			if !s.takes(e) {
				continue
			}
			switch s.Aggregate {
			case Count:
				out[i]++
			case Sum:
				out[i] += e.Amount
			case Distinct0, Distinct1:
				v := e.Value[s.Aggregate-Distinct0]
				if _, known := seen[v]; v == 0 || known {
					continue
				}
				if seen == nil {
					seen = map[uint64]struct{}{}
				}
				seen[v] = struct{}{}
				out[i]++
			}
		}
	}
}
