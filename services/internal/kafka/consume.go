package kafka

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	consumeRecords = 500                    // of one batch
	consumeWait    = 50 * time.Millisecond  // for a batch to fill
	commitPause    = 250 * time.Millisecond // between commits of one partition
)

// Handle stores records of one partition, in order. It may be given records again after a crash, so its effect must be idempotent.
type Handle func(ctx context.Context, topic string, records []Record) error

// Consume runs a consumer group for an idempotent sink until ctx ends: each record of the topics is given to handle at least once, in
// batches of up to 500 records or whatever came within 50 ms, per partition in order. Its offset is committed only after handle returned nil. An error of
// handle is logged and the same batch tried again, with growing pauses, for ever: nothing is skipped. A group that is new starts
// at the first offset; so does one whose offset is no longer kept. The slice is handle's only until it returns.
func (b *Broker) Consume(ctx context.Context, group string, topics []string, handle Handle) error {
	return b.RunGroup(ctx, group, topics, func(ctx context.Context, g Generation, topic string, partition int) error {
		s := sink{broker: b, generation: g, topic: topic, partition: partition, handle: handle}
		return s.run(ctx)
	})
}

type sink struct {
	broker     *Broker
	generation Generation
	topic      string
	partition  int
	handle     Handle

	committed int64
	at        time.Time // of the last commit
}

func (s *sink) run(ctx context.Context) error {
	offset, err := s.start(ctx)
	if err != nil {
		return err
	}
	s.committed, s.at = offset, time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, reading := make(chan []Record, 1), make(chan error, 1)
	go func() {
		defer close(in)
		reading <- s.broker.Read(ctx, s.topic, s.partition, offset, func(records []Record) error {
			select {
			case in <- slices.Clone(records):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	if err := s.drain(ctx, in, offset); err != nil {
		return err
	}
	return <-reading
}

// start returns where to begin: at the group's offset if the topic still has it.
func (s *sink) start(ctx context.Context) (int64, error) {
	first, end, err := s.broker.Offsets(ctx, s.topic)
	if err != nil {
		return 0, err
	}
	if s.partition >= len(first) {
		return 0, fmt.Errorf("consume %s: partition %d of %d", s.topic, s.partition, len(first))
	}
	offset := s.generation.Committed(s.topic, s.partition)
	if offset < first[s.partition] || offset > end[s.partition] {
		if offset >= 0 {
			s.broker.Log.Warn("the group's offset is no longer kept; starting at the first", "topic", s.topic, "partition", s.partition, "offset", offset, "first", first[s.partition], "end", end[s.partition])
		}
		offset = first[s.partition]
	}
	return offset, nil
}

// drain handles what comes in and commits now and then, and at the end.
func (s *sink) drain(ctx context.Context, in <-chan []Record, done int64) error {
	defer func() { s.commit(done) }()
	tick := time.NewTicker(commitPause)
	defer tick.Stop()
	for {
		select {
		case records, open := <-in:
			if !open {
				return nil
			}
			records = fill(records, in)
			for chunk := range slices.Chunk(records, consumeRecords) {
				if err := s.handleAll(ctx, chunk); err != nil {
					return err
				}
				done = chunk[len(chunk)-1].Offset + 1
			}
			if time.Since(s.at) < commitPause {
				continue
			}
		case <-tick.C:
		}
		if err := s.commit(done); err != nil {
			return err
		}
	}
}

// fill adds what comes in within consumeWait, up to a whole batch.
func fill(records []Record, in <-chan []Record) []Record {
	limit := time.NewTimer(consumeWait)
	defer limit.Stop()
	for len(records) < consumeRecords {
		select {
		case more, open := <-in:
			if !open {
				return records
			}
			records = append(records, more...)
		case <-limit.C:
			return records
		}
	}
	return records
}

// handleAll calls handle until it succeeds or ctx ends.
func (s *sink) handleAll(ctx context.Context, records []Record) error {
	for pause, told := 50*time.Millisecond, (time.Time{}); ; pause = min(2*pause, longestPause) {
		err := s.handle(ctx, s.topic, records)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Since(told) > longestPause {
			told = time.Now()
			s.broker.Log.Error(err.Error()+"; retrying", "topic", s.topic, "partition", s.partition, "offset", records[0].Offset, "records", len(records))
		}
		if !wait(ctx, pause) {
			return ctx.Err()
		}
	}
}

func (s *sink) commit(offset int64) error {
	s.at = time.Now()
	if offset == s.committed {
		return nil
	}
	if err := s.generation.Commit(s.topic, s.partition, offset); err != nil {
		return err
	}
	s.committed = offset
	return nil
}
