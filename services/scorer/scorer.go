// Package scorer is the speed layer as a service: it owns partitions through a consumer group, feeds the engine's two stages,
// writes what they answer, and keeps their checkpoints. What it did since the last checkpoint is replayed after a crash.
package scorer

import (
	"context"
	"log/slog"
	"time"

	"skimwatch/engine/stage"
	"skimwatch/services/internal/kafka"
)

// DefaultGroup is the consumer group of the engine.
const DefaultGroup = "skimwatch-score"

// Config is what a scorer needs. All of it but Status is required.
type Config struct {
	Broker          *kafka.Broker
	Checkpoints     Checkpoints
	Models          *Models
	Group           string
	CheckpointEvery time.Duration
	Log             *slog.Logger
	Status          *Status // optional
}

// Scorer runs both stages on the partitions that its group gives it.
type Scorer struct{ Config }

// New returns a scorer.
func New(c Config) *Scorer {
	if c.Status == nil {
		c.Status = NewStatus()
	}
	return &Scorer{c}
}

// Run scores until ctx ends, then checkpoints what it owns and leaves the group.
func (s *Scorer) Run(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go s.Models.Watch(watching, s.Log)
	return s.Broker.RunGroup(ctx, s.Group, []string{kafka.Transactions, kafka.ByATM}, s.own)
}

func (s *Scorer) own(ctx context.Context, g kafka.Generation, topic string, partition int) error {
	w := worker{Scorer: s, generation: g, topic: topic, partition: partition, saved: time.Now()}
	if topic == kafka.ByATM {
		return w.runATM(ctx)
	}
	return w.runCard(ctx)
}

// Route is the partitioner that every key of every topic uses.
func Route(key string, n int) int { return kafka.Partition([]byte(key), n) }

var _ stage.Partitioner = Route
