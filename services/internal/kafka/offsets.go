package kafka

import (
	"context"
	"errors"
	"fmt"

	"github.com/segmentio/kafka-go"
)

// Offsets returns, by partition, the offset of the first record kept and the offset that the next record will get.
func (b *Broker) Offsets(ctx context.Context, topic string) (first, end []int64, err error) {
	n, err := b.Partitions(ctx, topic)
	if err != nil {
		return nil, nil, err
	}
	// A pooled connection that the broker has closed meanwhile fails once.
	for range 3 {
		if first, end, err = b.offsets(ctx, topic, n); err == nil || !wait(ctx, readPause) {
			break
		}
	}
	return first, end, err
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
	answer, err := b.client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group, Topics: ask})
	if err == nil {
		err = answer.Error
	}
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
