package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

// toFile lets a world happen into a file, at its pace, until it ends or ctx does.
type toFile struct {
	world    *simulator.World
	out      *file.TransactionWriter
	label    func(*atm.Label) error
	pace     Pace
	progress *progress
}

func (f *toFile) run(ctx context.Context) error {
	clock := clock{Pace: f.pace}
	var e simulator.Event
	for f.world.Next(&e) {
		if ctx.Err() != nil {
			return nil
		}
		if f.pace.Paced() {
			if due := clock.due(e.At, time.Now()); time.Now().Before(due) {
				if err := f.out.Flush(); err != nil {
					return err
				}
				if !sleep(ctx.Done(), time.Until(due)) {
					return nil
				}
			}
		}
		for i := range e.Labels {
			if err := f.label(&e.Labels[i]); err != nil {
				return err
			}
		}
		if err := f.out.Put(&e.Transaction); err != nil {
			return err
		}
		f.progress.note(e.At, len(e.Labels))
	}
	return nil
}

// labelTopic gathers labels and produces them onto the labels topic, for a run whose transactions go to a file.
type labelTopic struct {
	ctx    context.Context
	live   Live
	labels []atm.Label
}

func newLabelTopic(ctx context.Context, broker *kafka.Broker) (*labelTopic, error) {
	parts, err := broker.Partitions(ctx, kafka.Labels)
	if err != nil {
		return nil, daemon.Unavailable(err)
	}
	return &labelTopic{ctx: ctx, live: Live{Log: broker, Tell: broker.Log, labelParts: parts}}, nil
}

func (t *labelTopic) put(l *atm.Label) error {
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

// labelRecord is a label as it stands on its topic.
func labelRecord(l *atm.Label) (kafka.Record, error) {
	value, err := json.Marshal(l)
	if err != nil {
		return kafka.Record{}, fmt.Errorf("write label of %q: %w", l.Transaction, err)
	}
	return kafka.Record{Key: []byte(l.Transaction), Value: value}, nil
}
