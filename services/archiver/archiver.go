// Package archiver is the sinks as a service: what the engine and the people said goes to the history, and what is new to the
// live view. Both sinks are idempotent and have consumer groups of their own, so that neither waits for the other. Labels
// that do not decode become dead letters.
package archiver

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/services/internal/kafka"
)

// The consumer groups of the two sinks.
const (
	HistoryGroup = "skimwatch-archive"
	LiveGroup    = "skimwatch-live"
)

// History stores what stays. Every method may be given the same things again.
type History interface {
	Ping(ctx context.Context) error
	// AppendScores leaves out scores flagged atm.Duplicate: the history has one row per transaction.
	AppendScores(ctx context.Context, scores []atm.Score) error
	AppendAlerts(ctx context.Context, alerts []atm.Alert) error
	AppendLabels(ctx context.Context, labels []atm.Label) error
	AppendDeadLetters(ctx context.Context, letters []atm.DeadLetter) error
}

// Live shows what is happening now.
type Live interface {
	Ping(ctx context.Context) error
	// CountScores counts scores, by when they were scored.
	CountScores(ctx context.Context, scores []atm.Score) error
	// PublishAlerts shows alerts to whoever watches; an alert that was shown before changes nothing.
	PublishAlerts(ctx context.Context, alerts []atm.Alert) error
	// CountDeadLetters counts transactions that could not be decoded.
	CountDeadLetters(ctx context.Context, n int) error
	// Empty says whether the view knows nothing, because it is new or lost what it had.
	Empty(ctx context.Context) (bool, error)
	// Restore fills an empty view.
	Restore(ctx context.Context, before dashboards.Live, recent []atm.Alert) error
}

// Archiver moves records from the topics to the sinks.
type Archiver struct {
	Broker  *kafka.Broker
	History History
	Past    Past // usually the History
	Live    Live
	Log     *slog.Logger
}

// Run archives until ctx ends.
func (a *Archiver) Run(ctx context.Context) error {
	// What is counted from now on comes on top of what the history knows.
	if err := a.healOnce(ctx); err != nil {
		a.Log.Warn("live view not restored yet", "error", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return a.Broker.Consume(ctx, HistoryGroup, []string{kafka.Scores, kafka.Alerts, kafka.Labels, kafka.DeadLetters}, a.keep)
	})
	g.Go(func() error {
		return a.Broker.Consume(ctx, LiveGroup, []string{kafka.Scores, kafka.Alerts, kafka.DeadLetters}, a.show)
	})
	g.Go(func() error { return a.heal(ctx) })
	return g.Wait()
}

// keep writes a batch of one topic to the history.
func (a *Archiver) keep(ctx context.Context, topic string, records []kafka.Record) error {
	switch topic {
	case kafka.Scores:
		return a.History.AppendScores(ctx, decode(a, topic, records, decodeScore))
	case kafka.Alerts:
		return a.History.AppendAlerts(ctx, decode(a, topic, records, decodeAlert))
	case kafka.Labels:
		return a.keepLabels(ctx, records)
	case kafka.DeadLetters:
		return a.History.AppendDeadLetters(ctx, decode(a, topic, records, kafka.DecodeDeadLetter))
	}
	return fmt.Errorf("BUG: no sink for topic %s", topic)
}

// show writes a batch of one topic to the live view.
func (a *Archiver) show(ctx context.Context, topic string, records []kafka.Record) error {
	switch topic {
	case kafka.Scores:
		return a.Live.CountScores(ctx, decode(a, topic, records, decodeScore))
	case kafka.Alerts:
		return a.Live.PublishAlerts(ctx, decode(a, topic, records, decodeAlert))
	case kafka.DeadLetters:
		return a.showDeadLetters(ctx, records)
	}
	return fmt.Errorf("BUG: no live view for topic %s", topic)
}

// decode decodes a batch of a topic that only we write to. A record that nobody of ours can have written would stop the sink for
// ever; it stays in its topic, is told of, and is passed over.
func decode[T any](a *Archiver, topic string, records []kafka.Record, one func([]byte) (T, error)) []T {
	all := make([]T, 0, len(records))
	for i := range records {
		v, err := one(records[i].Value)
		if err != nil {
			a.Log.Error("record passed over", "topic", topic, "partition", records[i].Partition, "offset", records[i].Offset, "error", err)
			continue
		}
		all = append(all, v)
	}
	return all
}

func decodeScore(b []byte) (s atm.Score, err error) {
	err = atm.DecodeScore(b, &s)
	return s, err
}

func decodeAlert(b []byte) (v atm.Alert, err error) {
	err = json.Unmarshal(b, &v)
	return v, err
}

// showDeadLetters counts the transactions among the records that did not decode.
func (a *Archiver) showDeadLetters(ctx context.Context, records []kafka.Record) error {
	n := 0
	for _, l := range decode(a, kafka.DeadLetters, records, kafka.DecodeDeadLetter) {
		if l.Topic == kafka.Transactions {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return a.Live.CountDeadLetters(ctx, n)
}
