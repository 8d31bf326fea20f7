package dashboard

import (
	"context"
	"encoding/json"
	"fmt"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/services/archiver"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
)

// labels returns what publishes labels: each to the partition of its transaction, in order.
func labels(b *kafka.Broker) func(context.Context, []atm.Label) error {
	return func(ctx context.Context, list []atm.Label) error {
		n, err := b.Partitions(ctx, kafka.Labels)
		if err != nil {
			return err
		}
		parts := make([][]kafka.Record, n)
		for _, l := range list {
			value, err := json.Marshal(l)
			if err != nil {
				return fmt.Errorf("encode the label of %s: %w", l.Transaction, err)
			}
			key := []byte(l.Transaction)
			p := kafka.Partition(key, n)
			parts[p] = append(parts[p], kafka.Record{Key: key, Value: value})
		}
		for p, records := range parts {
			if len(records) == 0 {
				continue
			}
			if _, err := b.Produce(ctx, kafka.Labels, p, records); err != nil {
				return err
			}
		}
		return nil
	}
}

// followed are the consumer groups whose lag the system page shows.
func followed() map[string][]string {
	return map[string][]string{
		scorer.DefaultGroup:   {kafka.Transactions, kafka.ByATM},
		archiver.HistoryGroup: {kafka.Scores, kafka.Alerts, kafka.Labels},
		archiver.LiveGroup:    {kafka.Scores, kafka.Alerts},
	}
}

// lags returns what compares the committed offsets of the groups with the ends of their topics.
func lags(b *kafka.Broker) dashboards.Lags {
	return func(ctx context.Context) ([]dashboards.Lag, error) {
		ends := map[string][]int64{}
		var out []dashboards.Lag
		groups := followed()
		for _, group := range []string{scorer.DefaultGroup, archiver.HistoryGroup, archiver.LiveGroup} {
			committed, err := b.Committed(ctx, group, groups[group])
			if err != nil {
				return nil, err
			}
			for _, topic := range groups[group] {
				if ends[topic] == nil {
					if _, ends[topic], err = b.Offsets(ctx, topic); err != nil {
						return nil, err
					}
				}
				out = append(out, behind(group, topic, committed[topic], ends[topic])...)
			}
		}
		return out, nil
	}
}

// behind leaves out partitions on which the group has committed nothing.
func behind(group, topic string, committed, ends []int64) (out []dashboards.Lag) {
	for p := range min(len(committed), len(ends)) {
		if committed[p] >= 0 {
			out = append(out, dashboards.Lag{Group: group, Topic: topic, Partition: int32(p), Records: max(0, ends[p]-committed[p])})
		}
	}
	return out
}
