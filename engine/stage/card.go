// Package stage is the two-key speed layer as deterministic folds over the records of one partition: the card stage from
// transactions to transactions.by-atm, the atm stage from there to scores and alerts. It knows offsets and sequence numbers
// but no broker; who feeds it decides when to checkpoint.
package stage

import (
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/state"
	"skimwatch/engine/wire"
)

// Partitioner maps a key to one of n partitions. It must be the one that all producers of a topic use.
type Partitioner func(key string, n int) int

// Input is one record as it was read from a partition.
type Input struct {
	Value    []byte
	Offset   int64
	Produced atm.Time // processing time at which it was written
}

// Forward is one record for transactions.by-atm.
type Forward struct {
	Key       string // the ATM; aliases the input
	Partition int
	Value     []byte
}

// Counts are what a stage has done since it was made or restored.
type Counts struct {
	Records    int64 // read, whatever became of them
	Applied    int64
	Dead       int64
	Late       int64
	Duplicates int64 // by transaction id
	Future     int64
	Overflows  int64
	Repeated   int64 // records of a replayed source, skipped by their sequence number
	Gaps       int64 // records ahead of their sequence, skipped until the source replays
}

func (c *Counts) flag(f atm.Flags) {
	c.Applied++
	for _, p := range [...]struct {
		bit atm.Flags
		n   *int64
	}{{atm.Late, &c.Late}, {atm.Duplicate, &c.Duplicates}, {atm.Future, &c.Future}, {atm.Overflow, &c.Overflows}} {
		if f&p.bit != 0 {
			*p.n++
		}
	}
}

// Card is the card stage of one partition of transactions. It is not safe for use from two goroutines.
type Card struct {
	Counts
	partition int32
	route     Partitioner
	next      []int64 // next output sequence per destination partition
	clock     Clock
	cards     *state.Store[feature.CardState, *feature.CardState]
	fold      *feature.CardFold
	t         atm.Transaction
	half      []float64
}

// NewCard returns the card stage of a partition before its first record, writing to n partitions by route.
func NewCard(partition int32, n int, route Partitioner) *Card {
	return &Card{partition: partition, route: route, next: make([]int64, n), cards: state.New[feature.CardState](),
		fold: feature.NewCardFold(), half: make([]float64, feature.CardSize())}
}

// Fold applies one transaction and writes the card half of its vector to half.
func (c *Card) Fold(t *atm.Transaction, half []float64) atm.Flags {
	flags := c.clock.See(t)
	flags |= c.fold.Apply(c.cards.At(t.Card), t, c.clock.Watermark(), half)
	c.flag(flags)
	return flags
}

// Apply folds one record into out, whose Value is appended to. A record that does not decode changes nothing and comes
// back as a dead letter.
func (c *Card) Apply(in Input, out *Forward) *atm.DeadLetter {
	c.Records++
	if err := atm.Decode(in.Value, &c.t); err != nil {
		c.Dead++
		return &atm.DeadLetter{Reason: err.Error(), Partition: c.partition, Offset: in.Offset, Bytes: append([]byte{}, in.Value...)}
	}
	flags := c.Fold(&c.t, c.half)
	out.Key = c.t.ATM
	out.Partition = c.route(c.t.ATM, len(c.next))
	h := hop{source: atm.Position{Partition: c.partition, Offset: in.Offset}, sequence: c.next[out.Partition], produced: in.Produced, flags: flags}
	c.next[out.Partition]++
	out.Value = h.append(out.Value, c.half, &c.t)
	return nil
}

// Keys returns how many cards are known.
func (c *Card) Keys() int { return c.cards.Len() }

// Watermark returns the partition's watermark.
func (c *Card) Watermark() atm.Time { return c.clock.Watermark() }

// hopVersion leads every record between the stages.
const hopVersion = 1

// hop is what a record between the stages carries beside the transaction and the card half of its vector.
type hop struct {
	source   atm.Position // on transactions
	sequence int64        // counts the records from one source partition to one destination partition, without a gap
	produced atm.Time
	flags    atm.Flags
}

func (h *hop) append(b []byte, half []float64, t *atm.Transaction) []byte {
	b = append(b, hopVersion, byte(h.flags))
	b = wire.Int(wire.Int(b, int64(h.source.Partition)), h.source.Offset)
	b = wire.Int(wire.Int(b, h.sequence), int64(h.produced))
	b = wire.Fixed(b, feature.Hash())
	for _, v := range half {
		b = wire.Float(b, v)
	}
	return t.AppendBinary(b)
}

func (h *hop) read(b []byte, half []float64, t *atm.Transaction) error {
	r := wire.NewReader(b)
	if v := r.Byte(); r.Err() == nil && v != hopVersion {
		return fmt.Errorf("record between the stages has format %d, not %d", v, hopVersion)
	}
	*h = hop{flags: atm.Flags(r.Byte()), source: atm.Position{Partition: int32(r.Int()), Offset: r.Int()}, sequence: r.Int(), produced: atm.Time(r.Int())}
	if set := r.Fixed(); r.Err() == nil && set != feature.Hash() {
		return fmt.Errorf("record between the stages: %w: %016x, this program has %016x", ErrFeatureSet, set, feature.Hash())
	}
	for i := range half {
		half[i] = r.Float()
	}
	t.ReadBinary(r)
	if err := r.End(); err != nil {
		return fmt.Errorf("record between the stages: %w", err)
	}
	return nil
}
