package dashboard

import (
	"context"

	"skimwatch/dashboards"
	"skimwatch/services/archiver"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
)

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
