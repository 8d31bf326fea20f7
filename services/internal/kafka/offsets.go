package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// Offsets returns, by partition, the offset of the first record kept and the offset that the next record will get.
func (b *Broker) Offsets(ctx context.Context, topic string) (first, end []int64, err error) {
	n, err := b.Partitions(ctx, topic)
	if err != nil {
		return nil, nil, err
	}
	err = settled(ctx, func() error {
		first, end, err = b.offsets(ctx, topic, n)
		return err
	})
	return first, end, err
}

// settleLimit is how long a question is asked again that a broker cannot answer yet: a leader or a coordinator is being chosen.
const settleLimit = 5 * time.Second

// settled asks until there is an answer, the error is one that stays, or settleLimit is over. A pooled connection that the
// broker has closed meanwhile fails once, too, without an error of Kafka's.
func settled(ctx context.Context, ask func() error) error {
	pause := readPause
	for began, tries := time.Now(), 0; ; tries++ {
		err := ask()
		var told kafka.Error
		passing := errors.As(err, &told) && told.Temporary() || !errors.As(err, &told) && tries < 3
		if err == nil || !passing || time.Since(began) > settleLimit || !wait(ctx, pause) {
			return err
		}
		pause = min(2*pause, 500*time.Millisecond)
	}
}

func (b *Broker) offsets(ctx context.Context, topic string, n int) (first, end []int64, err error) {
	first, end = make([]int64, n), make([]int64, n)
	ask := make([]kafka.OffsetRequest, 0, 2*n)
	for p := range n {
		ask = append(ask, kafka.FirstOffsetOf(p), kafka.LastOffsetOf(p))
	}
	answer, err := b.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: ask}})
	if err != nil {
		return nil, nil, fmt.Errorf("ask for the offsets of %s: %w", topic, err)
	}
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return nil, nil, fmt.Errorf("ask for the offsets of %s, partition %d: %w", topic, p.Partition, p.Error)
		}
		if p.Partition < n {
			first[p.Partition], end[p.Partition] = p.FirstOffset, p.LastOffset
		}
	}
	return first, end, nil
}

// Committed returns the offsets that a group committed, by topic and partition; -1 where it committed none. It is a measure of lag:
// the engine's own truth is its checkpoint.
func (b *Broker) Committed(ctx context.Context, group string, topics []string) (map[string][]int64, error) {
	ask, all := map[string][]int{}, map[string][]int64{}
	for _, t := range topics {
		n, err := b.Partitions(ctx, t)
		if err != nil {
			return nil, err
		}
		all[t] = make([]int64, n)
		for p := range n {
			ask[t], all[t][p] = append(ask[t], p), -1
		}
	}
	var answer *kafka.OffsetFetchResponse
	err := settled(ctx, func() (err error) {
		if answer, err = b.client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group, Topics: ask}); err != nil {
			return err
		}
		return answer.Error
	})
	if errors.Is(err, kafka.GroupIdNotFound) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the offsets of group %s: %w", group, err)
	}
	for topic, partitions := range answer.Topics {
		for _, p := range partitions {
			if p.Error != nil {
				return nil, fmt.Errorf("ask for the offsets of group %s on %s, partition %d: %w", group, topic, p.Partition, p.Error)
			}
			all[topic][p.Partition] = p.CommittedOffset
		}
	}
	return all, nil
}
