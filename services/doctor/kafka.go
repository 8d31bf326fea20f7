package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"skimwatch/services/archiver"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
	"skimwatch/services/settings"
)

// kafka looks at the brokers, the topics, and how far the readers are behind.
func (d doctor) kafka(ctx context.Context) []Finding {
	if f, ok := d.unset(settings.Kafka); ok {
		return f
	}
	const next = "start Kafka, or give its address with --kafka"
	b, err := d.open.BareBroker(ctx, d.config.Get(settings.Kafka))
	if err != nil {
		return failed(settings.Kafka, err, next)
	}
	defer b.Close()
	all := []Finding{{settings.Kafka, OK, b.Addrs() + " answers", ""}}
	var missing *kafka.MissingTopics
	switch err := b.CheckTopics(ctx); {
	case errors.As(err, &missing):
		return append(all, Finding{"topics", Wrong, "missing: " + strings.Join(missing.Names, ", "), "skimwatch topics create"})
	case err != nil:
		return append(all, failed("topics", err, next)...)
	}
	text, err := sizes(ctx, b)
	if err != nil {
		return append(all, failed("topics", err, next)...)
	}
	all = append(all, Finding{"topics", OK, text, ""})
	return append(all,
		lag(ctx, b, "score lag", scorer.DefaultGroup, []string{kafka.Transactions, kafka.ByATM}, "skimwatch score"),
		lag(ctx, b, "archive lag", archiver.HistoryGroup, []string{kafka.Scores, kafka.Alerts, kafka.Labels, kafka.DeadLetters}, "skimwatch archive"))
}

// sizes says how many records the topics hold.
func sizes(ctx context.Context, b *kafka.Broker) (string, error) {
	var words []string
	for _, topic := range []string{kafka.Transactions, kafka.Scores, kafka.Alerts, kafka.Labels, kafka.DeadLetters} {
		first, end, err := b.Offsets(ctx, topic)
		if err != nil {
			return "", err
		}
		var n int64
		for i := range end {
			n += end[i] - first[i]
		}
		words = append(words, fmt.Sprintf("%s %d", topic, n))
	}
	return "records held: " + strings.Join(words, ", "), nil
}

// lag says how many records a group has not committed yet. The engine commits at its checkpoints, so some lag is always there.
func lag(ctx context.Context, b *kafka.Broker, name, group string, topics []string, command string) Finding {
	committed, err := b.Committed(ctx, group, topics)
	if err != nil {
		return Finding{name, Note, err.Error(), ""}
	}
	var behind int64
	begun := false
	for _, topic := range topics {
		first, end, err := b.Offsets(ctx, topic)
		if err != nil {
			return Finding{name, Note, err.Error(), ""}
		}
		for p, at := range committed[topic] {
			begun = begun || at >= 0
			behind += max(0, end[p]-max(at, first[p]))
		}
	}
	if !begun {
		return Finding{name, Note, fmt.Sprintf("group %s never committed; %d records wait", group, behind), "start " + command}
	}
	return Finding{name, OK, fmt.Sprintf("group %s is %d records behind at its last commit", group, behind), ""}
}
