package simulator

import (
	"context"
	"encoding/json"
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/kafka"
)

// labelSink is where labels go: a file, a topic or nowhere. Close finishes it, Abort gives up what is not finished.
type labelSink interface {
	Put(*atm.Label) error
	Close() error
	Abort()
}

var _ labelSink = (*file.LabelWriter)(nil)

type nowhere struct{}

func (nowhere) Put(*atm.Label) error { return nil }
func (nowhere) Close() error         { return nil }
func (nowhere) Abort()               {}

// labelTopic produces labels onto their topic, for a run whose transactions go to a file.
type labelTopic struct {
	ctx    context.Context
	broker *kafka.Broker
	live   Live
	labels []atm.Label
}

func newLabelTopic(ctx context.Context, broker *kafka.Broker) (*labelTopic, error) {
	parts, err := broker.Partitions(ctx, kafka.Labels)
	if err != nil {
		broker.Close()
		return nil, daemon.Unavailable(err)
	}
	return &labelTopic{ctx: ctx, broker: broker, live: Live{Log: broker, Tell: broker.Log, labelParts: parts}}, nil
}

// Put gathers labels and produces them in batches.
func (t *labelTopic) Put(l *atm.Label) error {
	t.labels = append(t.labels, *l)
	if len(t.labels) < 500 {
		return nil
	}
	return t.flush()
}

func (t *labelTopic) flush() error {
	err := t.live.putLabels(t.ctx, t.labels)
	t.labels = t.labels[:0]
	return err
}

// Close produces what was gathered.
func (t *labelTopic) Close() error {
	err := t.flush()
	t.broker.Close()
	return err
}

// Abort leaves what was not produced.
func (t *labelTopic) Abort() { t.broker.Close() }

// labelRecord is a label as it stands on its topic.
func labelRecord(l *atm.Label) (kafka.Record, error) {
	value, err := json.Marshal(l)
	if err != nil {
		return kafka.Record{}, fmt.Errorf("write label of %q: %w", l.Transaction, err)
	}
	return kafka.Record{Key: []byte(l.Transaction), Value: value}, nil
}
