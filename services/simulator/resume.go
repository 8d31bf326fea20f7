package simulator

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

// lookBack is how many records at the end of a partition are searched for one that a simulator wrote.
const lookBack = 1000

// place is where a partition of the transactions topic ends.
type place struct {
	n  int64  // of the last delivery that stands there, -1: none
	id string // of its transaction
}

// resume finds out what the log already holds.
func (l *Live) resume(ctx context.Context) error {
	var ends, firsts, labels []int64
	err := daemon.Retry(ctx, l.Tell, "kafka", func(ctx context.Context) (err error) {
		if firsts, ends, err = l.Log.Offsets(ctx, kafka.Transactions); err == nil {
			_, labels, err = l.Log.Offsets(ctx, kafka.Labels)
		}
		if missing := (*kafka.MissingTopics)(nil); errors.As(err, &missing) {
			firsts, ends, labels = nil, nil, nil
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if ends == nil {
		return daemon.Unavailable(&kafka.MissingTopics{Names: []string{kafka.Transactions, kafka.Labels}})
	}
	l.labelParts, l.places = len(labels), make([]place, len(ends))
	for p := range l.places {
		err := daemon.Retry(ctx, l.Tell, "kafka", func(ctx context.Context) (err error) {
			l.places[p], err = l.find(ctx, p, max(firsts[p], ends[p]-lookBack), ends[p])
			return err
		})
		if err != nil {
			return err
		}
		if ends[p] > 0 && l.places[p].n < 0 {
			return daemon.Usage(fmt.Errorf("resume the live run: the last records of topic %s, partition %d, were not written by a simulator: it would mix two worlds", kafka.Transactions, p))
		}
	}
	return nil
}

// find returns the place that the last simulated record of a range stands for.
func (l *Live) find(ctx context.Context, partition int, from, to int64) (place, error) {
	found := place{n: -1}
	if from >= to {
		return found, nil
	}
	err := l.Log.ReadTo(ctx, kafka.Transactions, partition, from, to, func(records []kafka.Record) error {
		for _, r := range records {
			n, ok := number(r)
			if !ok || n < found.n {
				continue
			}
			var t atm.Transaction
			if atm.Decode(r.Value, &t) == nil {
				found = place{n: n, id: t.ID}
			}
		}
		return nil
	})
	return found, err
}

func number(r kafka.Record) (int64, bool) {
	for _, h := range r.Headers {
		if h.Key == HeaderN {
			n, err := strconv.ParseInt(string(h.Value), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// known reports whether a delivery stands in the log already, or in a history. Where the log ends it must hold the same
// transaction, else it is of another world.
func (l *Live) known(e *simulator.Event) (bool, error) {
	p := kafka.Partition([]byte(e.Transaction.Card), len(l.places))
	for i := range l.places {
		if end := &l.places[i]; e.N == end.n && (i != p || e.Transaction.ID != end.id) {
			return false, daemon.Usage(fmt.Errorf("resume the live run: delivery %d is %s in topic %s, partition %d, and %s in this world: seed, start or size differ from the run that wrote it",
				e.N, end.id, kafka.Transactions, i, e.Transaction.ID))
		}
	}
	return e.N < l.First || e.N <= l.places[p].n, nil
}
