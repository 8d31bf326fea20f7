package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/segmentio/kafka-go"
)

const (
	fetchBytes   = 1 << 20                // of one answer; a larger record still comes whole
	fetchWait    = 250 * time.Millisecond // how long the broker holds an empty answer back
	fetchLimit   = 10 * time.Second       // after which a silent connection counts as broken
	readPatience = 15 * time.Second       // how long Read reconnects without getting anywhere
	readPause    = 20 * time.Millisecond  // before the first reconnection; doubles up to a second
)

// Read calls fn with the records of a partition from offset on, in order, as soon as they are there, until ctx ends (its error is
// returned) or fn returns an error (that is returned). The slice is fn's only until it returns; keys, values and headers may be kept.
// A connection that breaks, or a leader that moves, is followed by reconnections at the last offset for up to fifteen seconds, after which
// the cause is returned. An offset that the topic does not have (any more) is an *OutOfRange error. Transaction markers of foreign
// producers arrive as records.
func (b *Broker) Read(ctx context.Context, topic string, partition int, offset int64, fn func([]Record) error) error {
	return b.ReadTo(ctx, topic, partition, offset, math.MaxInt64, fn)
}

// ReadTo is Read, but ends with nil before the record at offset to. It waits for records that are not written yet.
func (b *Broker) ReadTo(ctx context.Context, topic string, partition int, from, to int64, fn func([]Record) error) error {
	r := reader{broker: b, topic: topic, partition: partition, next: from, end: to, fn: fn}
	pause, since := readPause, time.Now()
	for r.next < r.end {
		err := r.connectAndRead(ctx)
		switch {
		case r.next >= r.end && err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("read %s, partition %d: %w", topic, partition, ctx.Err())
		case r.refused:
			return err
		case errors.Is(err, kafka.OffsetOutOfRange):
			return b.outOfRange(ctx, topic, partition, r.next)
		}
		if r.answered.After(since) {
			pause, since = readPause, r.answered
		}
		if time.Since(since) > readPatience {
			return fmt.Errorf("read %s, partition %d, offset %d: %w", topic, partition, r.next, err)
		}
		wait(ctx, pause)
		pause = min(2*pause, time.Second)
	}
	return nil
}

// OutOfRange is the error of reading at an offset that the topic does not have.
type OutOfRange struct {
	Topic       string
	Partition   int
	Offset      int64 // asked for
	First, Next int64 // kept: from First up to before Next
}

// Error names the offset asked for and those that exist.
func (o *OutOfRange) Error() string {
	return fmt.Sprintf("read %s, partition %d: offset %d does not exist, the topic holds %d up to %d: records were deleted, or this is another cluster",
		o.Topic, o.Partition, o.Offset, o.First, o.Next)
}

func (b *Broker) outOfRange(ctx context.Context, topic string, partition int, offset int64) error {
	first, end, err := b.Offsets(ctx, topic)
	if err != nil || partition >= len(first) {
		return fmt.Errorf("read %s, partition %d, offset %d: %w (%w)", topic, partition, offset, kafka.OffsetOutOfRange, err)
	}
	return &OutOfRange{topic, partition, offset, first[partition], end[partition]}
}

type reader struct {
	broker    *Broker
	topic     string
	partition int
	next, end int64
	fn        func([]Record) error
	refused   bool      // fn returned the error
	answered  time.Time // when the broker last gave an answer, empty or not
	buffer    []Record
}

func (r *reader) connectAndRead(ctx context.Context) error {
	conn, err := r.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// A pending fetch would keep a reader that should end for fetchWait.
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := conn.Seek(r.next, kafka.SeekAbsolute|kafka.SeekDontCheck); err != nil {
		return err
	}
	for ctx.Err() == nil && r.next < r.end {
		if err := r.fetch(conn); err != nil {
			return err
		}
		r.answered = time.Now()
		if len(r.buffer) == 0 {
			if cap(r.buffer) > 1024 {
				r.buffer = nil // what catching up needed, reading along does not
			}
			continue
		}
		if err := r.fn(r.buffer); err != nil {
			r.refused = true
			return err
		}
		clear(r.buffer) // an idle partition would hold on to what fn has seen
	}
	return ctx.Err()
}

func (r *reader) dial(ctx context.Context) (conn *kafka.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, addr := range r.broker.addrs {
		if conn, err = r.broker.dialer.DialLeader(ctx, "tcp", addr, r.topic, r.partition); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// fetch fills the buffer with one answer of the broker and moves next behind it. Records before an error are kept: the error comes
// again with the next fetch, if it lasts.
func (r *reader) fetch(conn *kafka.Conn) error {
	r.buffer = r.buffer[:0]
	conn.SetReadDeadline(time.Now().Add(fetchLimit))
	batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: fetchBytes, MaxWait: fetchWait})
	for {
		m, err := batch.ReadMessage()
		if err != nil {
			closing := batch.Close()
			if errors.Is(err, io.EOF) && closing == nil {
				r.next = min(max(r.next, batch.Offset()), r.end)
				return nil
			}
			// An empty answer that came a little after fetchWait is reported as a time-out; the connection is sound.
			if len(r.buffer) > 0 || errors.Is(err, kafka.RequestTimedOut) {
				return nil
			}
			return err
		}
		if m.Offset >= r.end {
			r.next = r.end
			batch.Close()
			return nil
		}
		if m.Offset < r.next {
			continue
		}
		r.next = m.Offset + 1
		r.buffer = append(r.buffer, incoming(&m))
	}
}

func incoming(m *kafka.Message) Record {
	r := Record{Key: m.Key, Value: m.Value, Time: m.Time, Partition: m.Partition, Offset: m.Offset}
	for _, h := range m.Headers {
		r.Headers = append(r.Headers, Header{h.Key, h.Value})
	}
	return r
}
