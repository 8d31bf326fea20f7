package simulator

import (
	"cmp"
	"container/heap"

	"skimwatch/engine/atm"
)

// intent is what somebody is about to do at a machine; the host decides what comes of it.
type intent struct {
	at      atm.Time
	turn    uint64 // breaks ties, in order of planning
	amount  int64
	crime   *campaign // nil: honest
	undoes  *undo     // of a reversal
	card    int32     // noCard: the machine's own service token
	machine int32
	kind    atm.Kind
	entry   atm.Entry
	flags   intentFlags
}

const noCard = -1

type intentFlags uint8

const (
	wrongPIN intentFlags = 1 << iota
	second               // a reaction to an answer; nothing further follows from it
	forced               // limits were lifted inside the issuer
	invalid              // a number that the issuer does not know
	fails                // the machine breaks off
	undone               // the machine is made to reverse it
)

// undo is what a reversal takes back.
type undo struct{ id, reason string }

func earlier(a, b intent) int {
	if c := cmp.Compare(a.at, b.at); c != 0 {
		return c
	}
	return cmp.Compare(a.turn, b.turn)
}

// queue holds intents of the future, the earliest first.
type queue []intent

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return earlier(q[i], q[j]) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push is for container/heap; use add.
func (q *queue) Push(x any) { *q = append(*q, x.(intent)) }

// Pop is for container/heap; use take.
func (q *queue) Pop() any {
	old := *q
	in := old[len(old)-1]
	old[len(old)-1] = intent{}
	*q = old[:len(old)-1]
	return in
}

func (q *queue) add(in intent) { heap.Push(q, in) }

func (q *queue) take() intent { return heap.Pop(q).(intent) }
