package scorer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
)

// exportEvery is how often new partitions are looked for and the ends of the topics are asked for.
const exportEvery = 2 * time.Second

// Export shows what a scorer tells of itself as metrics until ctx ends: for each stage and partition its offset, lag, watermark,
// keys and counts, and for all of them the checkpoints. A broker that is away leaves the lag as it was.
func Export(ctx context.Context, m *daemon.Metrics, s *Status, b *kafka.Broker) error {
	e := exporter{metrics: m, status: s, shown: map[string]bool{}, ends: map[string][]int64{}}
	e.checkpoints()
	tick := time.NewTicker(exportEvery)
	defer tick.Stop()
	for {
		e.step(ctx, b)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

type exporter struct {
	metrics *daemon.Metrics
	status  *Status
	shown   map[string]bool // by topic and partition

	mu   sync.Mutex
	ends map[string][]int64 // by topic: offsets that the next records will get
}

// step shows partitions that are new and learns where the topics end.
func (e *exporter) step(ctx context.Context, b *kafka.Broker) {
	for _, topic := range []string{kafka.Transactions, kafka.ByATM} {
		_, end, err := b.Offsets(ctx, topic)
		if err != nil {
			continue
		}
		e.mu.Lock()
		e.ends[topic] = end
		e.mu.Unlock()
	}
	for _, p := range e.status.Partitions() {
		if key := fmt.Sprint(p.Topic, "/", p.Partition); !e.shown[key] {
			e.shown[key] = true
			e.show(p.Topic, p.Partition)
		}
	}
}

// show registers the figures of one partition.
func (e *exporter) show(topic string, partition int) {
	stage := "card"
	if topic == kafka.ByATM {
		stage = "atm"
	}
	gauge := func(name string, f func(PartitionStatus) float64) {
		e.metrics.Gauge(fmt.Sprintf(`skimwatch_%s{stage="%s",partition="%d"}`, name, stage, partition), func() float64 {
			return f(e.status.partition(topic, partition))
		})
	}
	count := func(name string, f func(PartitionStatus) int64) {
		gauge(name, func(p PartitionStatus) float64 { return float64(f(p)) })
	}
	count("offset", func(p PartitionStatus) int64 { return p.Offset })
	count("lag", func(p PartitionStatus) int64 { return e.lag(p) })
	gauge("watermark_seconds", func(p PartitionStatus) float64 { return float64(p.Watermark) / 1e6 })
	count("keys", func(p PartitionStatus) int64 { return int64(p.Keys) })
	count("records_total", func(p PartitionStatus) int64 { return p.Records })
	count("applied_total", func(p PartitionStatus) int64 { return p.Applied })
	count("dead_total", func(p PartitionStatus) int64 { return p.Dead })
	count("late_total", func(p PartitionStatus) int64 { return p.Late })
	count("duplicates_total", func(p PartitionStatus) int64 { return p.Duplicates })
	count("future_total", func(p PartitionStatus) int64 { return p.Future })
	count("overflows_total", func(p PartitionStatus) int64 { return p.Overflows })
	count("repeated_total", func(p PartitionStatus) int64 { return p.Repeated })
	count("gaps_total", func(p PartitionStatus) int64 { return p.Gaps })
}

// lag is how many records wait behind the one that was folded last.
func (e *exporter) lag(p PartitionStatus) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if end := e.ends[p.Topic]; p.Partition < len(end) {
		return max(0, end[p.Partition]-p.Offset)
	}
	return 0
}

// checkpoints registers the figures of the checkpoints.
func (e *exporter) checkpoints() {
	for name, f := range map[string]func(n, bytes int64, longest time.Duration) float64{
		"skimwatch_checkpoints_total":          func(n, _ int64, _ time.Duration) float64 { return float64(n) },
		"skimwatch_checkpoint_bytes_total":     func(_, bytes int64, _ time.Duration) float64 { return float64(bytes) },
		"skimwatch_checkpoint_longest_seconds": func(_, _ int64, longest time.Duration) float64 { return longest.Seconds() },
	} {
		e.metrics.Gauge(name, func() float64 { return f(e.status.Checkpoints()) })
	}
}

// partition returns the last word of one partition; zero when this process never owned it.
func (s *Status) partition(topic string, partition int) PartitionStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.partitions[topic][partition]
}
