package dataset

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/engine/stage"
)

// History is the master dataset in the two orders in which the stages of the speed layer saw it. Rows carry at least the
// transaction, CardAt and ATMAt; a yielded row is valid until the next.
type History struct {
	ByCard iter.Seq2[*atm.Score, error] // offsets of CardAt ascending within each partition
	ByATM  iter.Seq2[*atm.Score, error] // the same rows, offsets of ATMAt ascending within each partition
}

// ErrOrder says that a history is not in the order in which the stages saw it, or that its two orders hold other rows.
var ErrOrder = errors.New("history is out of order")

// Recompute folds a history through both stages as the speed layer did, and calls yield for each row in ATM order with the
// row as it is stored and as it was recomputed. Late and out-of-order events included, the recomputed vector equals, bit for
// bit, the one that the speed layer logged. It holds half a vector per row in memory. An error of yield ends it.
func Recompute(ctx context.Context, h History, yield func(stored, recomputed *atm.Score) error) error {
	halves, err := foldCards(ctx, h.ByCard)
	if err != nil {
		return fmt.Errorf("recompute the card half: %w", err)
	}
	if err := foldATMs(ctx, h.ByATM, halves, yield); err != nil {
		return fmt.Errorf("recompute the atm half: %w", err)
	}
	return nil
}

// halves are the card halves of vectors, by where the card stage saw the transaction.
type halves struct {
	at     map[atm.Position]int
	values []float64
	flags  []atm.Flags
}

func foldCards(ctx context.Context, rows iter.Seq2[*atm.Score, error]) (*halves, error) {
	h := &halves{at: map[atm.Position]int{}}
	stages := map[int32]*stage.Card{}
	in := order{}
	half := make([]float64, feature.CardSize())
	for s, err := range rows {
		if err == nil {
			err = in.next(ctx, s.CardAt)
		}
		if err != nil {
			return nil, err
		}
		st := stages[s.CardAt.Partition]
		if st == nil {
			st = stage.NewCard(s.CardAt.Partition, 1, nil)
			stages[s.CardAt.Partition] = st
		}
		h.at[s.CardAt] = len(h.flags)
		h.flags = append(h.flags, st.Fold(&s.Transaction, half))
		h.values = append(h.values, half...)
	}
	return h, nil
}

func foldATMs(ctx context.Context, rows iter.Seq2[*atm.Score, error], h *halves, yield func(stored, recomputed *atm.Score) error) error {
	stages := map[int32]*stage.ATM{}
	in := order{}
	again := atm.Score{Vector: make([]float64, feature.Size())}
	n := feature.CardSize()
	for s, err := range rows {
		if err == nil {
			err = in.next(ctx, s.ATMAt)
		}
		if err != nil {
			return err
		}
		i, ok := h.at[s.CardAt]
		if !ok {
			return fmt.Errorf("transaction %q of partition %d, offset %d: %w: the card order does not have it", s.Transaction.ID, s.CardAt.Partition, s.CardAt.Offset, ErrOrder)
		}
		st := stages[s.ATMAt.Partition]
		if st == nil {
			st = stage.NewATM(s.ATMAt.Partition, score.NoModel)
			stages[s.ATMAt.Partition] = st
		}
		copy(again.Vector, h.values[i*n:(i+1)*n])
		again.Transaction, again.CardAt, again.ATMAt, again.Flags = s.Transaction, s.CardAt, s.ATMAt, h.flags[i]
		st.Fold(&again)
		if err := yield(s, &again); err != nil {
			return err
		}
	}
	return nil
}

// order checks that offsets go up within each partition.
type order map[int32]int64

func (o order) next(ctx context.Context, p atm.Position) error {
	if last, seen := o[p.Partition]; seen && p.Offset <= last {
		return fmt.Errorf("offset %d of partition %d comes after %d: %w", p.Offset, p.Partition, last, ErrOrder)
	}
	o[p.Partition] = p.Offset
	if p.Offset%4096 == 0 {
		return ctx.Err()
	}
	return nil
}

// FromHistory builds a set from the master dataset. Rows come in ATM order.
func FromHistory(ctx context.Context, h History, keep Window) (*Set, error) {
	set := New()
	err := Recompute(ctx, h, func(_, recomputed *atm.Score) error { return set.take(recomputed, keep) })
	if err != nil {
		return nil, fmt.Errorf("build data set: %w", err)
	}
	return set, nil
}
