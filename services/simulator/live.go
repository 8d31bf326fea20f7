// Package simulator is the service that lets the simulated world happen: into files, or live onto Kafka.
package simulator

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

// The headers of a record on the transactions topic.
const (
	HeaderN        = "n"        // Event.N, decimal: where a restarted run goes on
	HeaderProduced = "produced" // processing time in microseconds since the Unix epoch, decimal
)

const (
	linger    = 4 * time.Millisecond // between two batches; what is due meanwhile goes together
	batchSize = 4096                 // deliveries
	tolerance = time.Second          // of being behind, before it is told
	tellEvery = 10 * time.Second
)

// Log is where a live run writes, and what it reads to find its place again. A kafka.Broker is one.
type Log interface {
	Produce(ctx context.Context, topic string, partition int, records []kafka.Record) (base int64, err error)
	Offsets(ctx context.Context, topic string) (first, end []int64, err error)
	ReadTo(ctx context.Context, topic string, partition int, from, to int64, fn func([]kafka.Record) error) error
}

var _ Log = (*kafka.Broker)(nil)

// Live produces a world's deliveries onto the transactions topic, keyed by card, and their labels just before onto the
// labels topic. It goes on where the log ends: what stands there already is left out, partition by partition. A batch that
// the broker does not take is tried again until it does, so the order stays and nothing is lost; after an error some
// records may stand there twice.
//
// Set the fields before Run, which may be called once; the counters may be read at any time from any goroutine.
type Live struct {
	World *simulator.World
	Log   Log
	Pace  Pace
	First int64                  // deliveries with a smaller N went elsewhere (a history) and are not produced
	Label func(*atm.Label) error // where labels go instead of the labels topic; nil: the topic
	Tell  *slog.Logger           // slog.Default() when nil

	produced, frauds atomic.Int64
	behind           atomic.Int64
	last             atomic.Int64

	places     []place // by partition of the transactions topic
	labelParts int
	clock      clock
	told       time.Time // when a delay was last told
}

// Transactions is how many transactions this run has produced.
func (l *Live) Transactions() int64 { return l.produced.Load() }

// Frauds is how many of them were fraud.
func (l *Live) Frauds() int64 { return l.frauds.Load() }

// Behind is how late the last batch was; about zero when the run holds its pace.
func (l *Live) Behind() time.Duration { return time.Duration(l.behind.Load()) }

// EventTime is the newest delivery time that was produced, 0 before the first.
func (l *Live) EventTime() atm.Time { return atm.Time(l.last.Load()) }

// Run produces until the world ends or ctx does; both end it with nil. It returns an error for topics that are missing,
// for a log that holds another world, and for a label that could not be written.
func (l *Live) Run(ctx context.Context) error {
	if l.Tell == nil {
		l.Tell = slog.Default()
	}
	if err := l.Pace.Check(); err != nil {
		return daemon.Usage(err)
	}
	l.clock = clock{Pace: l.Pace}
	err := l.resume(ctx)
	if err == nil {
		err = l.follow(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// follow produces deliveries as they fall due.
func (l *Live) follow(ctx context.Context) error {
	var b batch
	var e simulator.Event
	for l.World.Next(&e) {
		skip, err := l.known(&e)
		if err != nil {
			return err
		}
		if skip {
			if e.N&0xffff == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		now := time.Now()
		due := l.clock.due(e.At, now)
		if due.After(now) || len(b.events) == batchSize {
			if err := l.flush(ctx, &b); err != nil {
				return err
			}
			wait := time.Until(due)
			if l.Pace.Paced() {
				wait = max(wait, linger-time.Since(now))
			}
			if wait > 0 && !sleep(ctx.Done(), wait) || ctx.Err() != nil {
				return ctx.Err()
			}
		}
		b.add(&e, due)
	}
	return l.flush(ctx, &b)
}

// batch is what is due together.
type batch struct {
	events []event
	labels []atm.Label
}

type event struct {
	n           int64
	at          atm.Time
	due         time.Time
	transaction atm.Transaction
}

func (b *batch) add(e *simulator.Event, due time.Time) {
	b.events = append(b.events, event{e.N, e.At, due, e.Transaction})
	b.labels = append(b.labels, e.Labels...)
}

// flush produces the batch, labels first, and empties it.
func (l *Live) flush(ctx context.Context, b *batch) error {
	if len(b.events) == 0 {
		return nil
	}
	if err := l.putLabels(ctx, b.labels); err != nil {
		return err
	}
	if err := l.putTransactions(ctx, b.events); err != nil {
		return err
	}
	l.produced.Add(int64(len(b.events)))
	l.frauds.Add(int64(len(b.labels)))
	l.last.Store(int64(b.events[len(b.events)-1].at))
	if l.Pace.Paced() {
		l.late(time.Since(b.events[0].due))
	}
	b.events, b.labels = b.events[:0], b.labels[:0]
	return nil
}

// late notes how far the run is behind its pace and tells when that is much.
func (l *Live) late(by time.Duration) {
	l.behind.Store(int64(by))
	if by > tolerance && time.Since(l.told) > tellEvery {
		l.told = time.Now()
		l.Tell.Warn("the live run is behind its pace: the machine or the broker is too slow for it; lower --rate or --speed", "behind", by.Round(time.Millisecond).String())
	}
}

func (l *Live) putLabels(ctx context.Context, labels []atm.Label) error {
	parts := make([][]kafka.Record, l.labelParts)
	for i := range labels {
		if l.Label != nil {
			if err := l.Label(&labels[i]); err != nil {
				return err
			}
			continue
		}
		r, err := labelRecord(&labels[i])
		if err != nil {
			return err
		}
		p := kafka.Partition(r.Key, len(parts))
		parts[p] = append(parts[p], r)
	}
	return l.produce(ctx, kafka.Labels, parts)
}

func (l *Live) putTransactions(ctx context.Context, events []event) error {
	parts := make([][]kafka.Record, len(l.places))
	now := time.Now()
	produced := kafka.Header{Key: HeaderProduced, Value: strconv.AppendInt(nil, now.UnixMicro(), 10)}
	for i := range events {
		e := &events[i]
		key := []byte(e.transaction.Card)
		p := kafka.Partition(key, len(parts))
		parts[p] = append(parts[p], kafka.Record{Key: key, Value: e.transaction.AppendJSON(make([]byte, 0, 640)), Time: now,
			Headers: []kafka.Header{{Key: HeaderN, Value: strconv.AppendInt(nil, e.n, 10)}, produced}})
	}
	return l.produce(ctx, kafka.Transactions, parts)
}

// produce writes one batch to each partition, all partitions at once, and returns when all of it stands in the log. When ctx
// ends, a request that is on its way is still waited for: one that arrived after a restarted run has looked where the log
// ends would stand there twice, and out of order.
func (l *Live) produce(ctx context.Context, topic string, parts [][]kafka.Record) error {
	var all sync.WaitGroup
	errs := make([]error, len(parts))
	for p, records := range parts {
		if len(records) == 0 {
			continue
		}
		all.Go(func() {
			errs[p] = daemon.Retry(ctx, l.Tell, fmt.Sprintf("topic %s, partition %d", topic, p), func(ctx context.Context) error {
				_, err := l.Log.Produce(context.WithoutCancel(ctx), topic, p, records)
				return err
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
