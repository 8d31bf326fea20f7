package simulator

import (
	"cmp"
	"container/heap"

	"skimwatch/engine/atm"
)

// wire is the way from the terminals to the host when the world is in disorder: slow lines, repeated messages, terminals
// that store what they did and forward it when the line is back.
type wire struct {
	pending deliveries
	now     atm.Time // true time of the last thing that happened
	done    bool
	turn    uint64
	scratch Event
}

type delivery struct {
	at          atm.Time
	turn        uint64
	transaction atm.Transaction
	labels      []atm.Label
}

type deliveries []delivery

func (d deliveries) Len() int { return len(d) }
func (d deliveries) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(d[i].at, d[j].at), cmp.Compare(d[i].turn, d[j].turn)) < 0
}
func (d deliveries) Swap(i, j int) { d[i], d[j] = d[j], d[i] }

// Push is for container/heap.
func (d *deliveries) Push(x any) { *d = append(*d, x.(delivery)) }

// Pop is for container/heap.
func (d *deliveries) Pop() any {
	old := *d
	last := old[len(old)-1]
	old[len(old)-1] = delivery{}
	*d = old[:len(old)-1]
	return last
}

// planStoring cuts a few terminals off from the host for part of the day.
func (w *World) planStoring() {
	if !w.config.Disorder {
		return
	}
	for m := range w.machines {
		w.machines[m].storing = span{}
		r := w.dice.at(w.config.Seed, drawWire, uint64(m), uint64(w.day)+1)
		if r.chance(0.02) {
			from := r.between(w.start, w.start+atm.Day)
			w.machines[m].storing = span{from, from + r.between(5*atm.Minute, 4*atm.Hour)}
		}
	}
}

// deliver overwrites e with the next message to arrive. A message arrives no earlier than it was sent, so whatever is due
// by now can no longer be overtaken.
func (w *World) deliver(e *Event) bool {
	q := &w.wire
	for len(q.pending) == 0 || !q.done && q.pending[0].at > q.now {
		if q.done {
			return false
		}
		if !w.step(&q.scratch) {
			q.done = true
			continue
		}
		w.send(&q.scratch)
	}
	d := heap.Pop(&q.pending).(delivery)
	e.At, e.Transaction, e.Labels = d.at, d.transaction, append(e.Labels[:0], d.labels...)
	return true
}

// send puts what happened on the wire, sometimes twice.
func (w *World) send(e *Event) {
	q, t := &w.wire, &e.Transaction
	q.now = t.Time
	r := w.luck.at(w.config.Seed, drawWire, uint64(t.Time), q.turn)
	m := &w.machines[w.sender]
	at := t.Time + r.between(20*atm.Millisecond, 2*atm.Second)
	if r.chance(0.01) {
		at += r.between(0, 10*atm.Minute)
	}
	if m.storing.contains(t.Time) {
		at = m.storing.to + r.between(0, 30*atm.Second)
	}
	t.Time += m.skew
	d := delivery{at: at, turn: q.turn, transaction: *t}
	if len(e.Labels) > 0 {
		d.labels = append(d.labels, e.Labels...)
	}
	heap.Push(&q.pending, d)
	q.turn++
	if r.chance(0.002) {
		d.at, d.turn, d.labels = at+r.between(10*atm.Millisecond, 5*atm.Minute), q.turn, nil
		heap.Push(&q.pending, d)
		q.turn++
	}
}
