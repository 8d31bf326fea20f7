// Package scorer is the speed layer as a service: it owns partitions through a consumer group, feeds the engine's two stages,
// writes what they answer, and keeps their checkpoints. What it did since the last checkpoint is replayed after a crash.
package scorer

import (
	"context"
	"errors"
	"fmt"
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

// ErrState says that checkpoints were written by another version of the program, whose state means something else. Trying
// again does not help: a group of another name starts from the beginning of the log, or from a new set-up.
var ErrState = errors.New("the checkpoints are of another version of this program")

// Run scores until ctx ends, then checkpoints what it owns and leaves the group. It ends by itself with ErrState only; every
// other error is logged and tried again.
func (s *Scorer) Run(ctx context.Context) error {
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go s.Models.Watch(inner, s.Log)
	err := s.Broker.RunGroup(inner, s.Group, []string{kafka.Transactions, kafka.ByATM}, func(ctx context.Context, g kafka.Generation, topic string, partition int) error {
		err := s.own(ctx, g, topic, partition)
		if errors.Is(err, stage.ErrFeatureSet) || errors.Is(err, stage.ErrFormat) {
			stop(fmt.Errorf("%w: %w", ErrState, err))
		}
		return err
	})
	if cause := context.Cause(inner); errors.Is(cause, ErrState) {
		return cause
	}
	return err
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
