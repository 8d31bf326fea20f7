package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// The topics.
const (
	Transactions = "transactions"             // JSON transaction, key card
	ByATM        = "transactions.by-atm"      // binary, key atm: from the card stage to the atm stage
	Scores       = "scores"                   // binary, key card of the transaction
	Alerts       = "alerts"                   // JSON alert, key card
	Labels       = "labels"                   // JSON label, key transaction
	DeadLetters  = "transactions.dead-letter" // JSON dead letter, key that of the record it keeps: a transaction or a label
)

// Topics returns the names of all topics.
func Topics() []string {
	return []string{Transactions, ByATM, Scores, Alerts, Labels, DeadLetters}
}

// maxRecord is the largest record that a topic takes, in bytes. A dead letter holds a whole record in base64, so its topic takes more.
func maxRecord(topic string) string {
	if topic == DeadLetters {
		return "4194304"
	}
	return "1048588"
}

// MissingTopics names topics that the cluster does not have.
type MissingTopics struct{ Names []string }

// Error says which topics are missing and which command creates them.
func (m *MissingTopics) Error() string {
	return fmt.Sprintf("kafka has no topic %s: run skimwatch topics create", strings.Join(m.Names, ", "))
}

// CreateTopics creates the topics that are missing, each with the given number of partitions, and returns their names once they
// can be written to. Records are kept for ever (retention.ms -1): they may carry any time. Topics that exist are left as they are.
func (b *Broker) CreateTopics(ctx context.Context, partitions int) (created []string, err error) {
	if partitions < 1 {
		return nil, fmt.Errorf("create topics: %d partitions: at least 1 is needed", partitions)
	}
	return b.create(ctx, Topics(), partitions)
}

func (b *Broker) create(ctx context.Context, names []string, partitions int) (created []string, err error) {
	meta, err := b.metadata(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("create topics: %w", err)
	}
	request := &kafka.CreateTopicsRequest{}
	for _, t := range meta.Topics {
		if !errors.Is(t.Error, kafka.UnknownTopicOrPartition) {
			continue
		}
		request.Topics = append(request.Topics, kafka.TopicConfig{
			Topic: t.Name, NumPartitions: partitions, ReplicationFactor: max(1, min(3, len(meta.Brokers))),
			ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "-1"}, {ConfigName: "max.message.bytes", ConfigValue: maxRecord(t.Name)}},
		})
	}
	if len(request.Topics) == 0 {
		return nil, nil
	}
	answer, err := b.client.CreateTopics(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("create topics: %w", err)
	}
	for _, t := range request.Topics {
		switch err := answer.Errors[t.Topic]; {
		case err == nil:
			created = append(created, t.Topic)
		case !errors.Is(err, kafka.TopicAlreadyExists):
			return created, fmt.Errorf("create topic %s: %w", t.Topic, err)
		}
	}
	return created, b.waitForLeaders(ctx, names)
}

// waitForLeaders returns when every partition of every topic has a leader that serves it: a broker answers CreateTopics before that,
// and names a leader in its metadata before that leader knows of it.
func (b *Broker) waitForLeaders(ctx context.Context, names []string) error {
	for {
		err := b.check(ctx, names)
		for i := 0; err == nil && i < len(names); i++ {
			_, _, err = b.Offsets(ctx, names[i])
		}
		if err == nil {
			return nil
		}
		if !wait(ctx, 50*time.Millisecond) {
			return fmt.Errorf("wait for the new topics: %w", err)
		}
	}
}

// CheckTopics returns nil if all topics exist and can be used, and a *MissingTopics error if some do not exist.
func (b *Broker) CheckTopics(ctx context.Context) error { return b.check(ctx, Topics()) }

func (b *Broker) check(ctx context.Context, names []string) error {
	meta, err := b.metadata(ctx, names)
	if err != nil {
		return fmt.Errorf("look for the topics: %w", err)
	}
	var missing []string
	for _, t := range meta.Topics {
		if errors.Is(t.Error, kafka.UnknownTopicOrPartition) {
			missing = append(missing, t.Name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return &MissingTopics{missing}
	}
	for _, t := range meta.Topics {
		if t.Error != nil {
			return fmt.Errorf("look for topic %s: %w", t.Name, t.Error)
		}
		for _, p := range t.Partitions {
			if p.Error != nil {
				return fmt.Errorf("look for topic %s, partition %d: %w", t.Name, p.ID, p.Error)
			}
		}
	}
	return nil
}

// Partitions returns how many partitions a topic has. A topic that does not exist is a *MissingTopics error.
func (b *Broker) Partitions(ctx context.Context, topic string) (int, error) {
	meta, err := b.metadata(ctx, []string{topic})
	switch {
	case err != nil:
		return 0, fmt.Errorf("ask for the partitions of %s: %w", topic, err)
	case errors.Is(meta.Topics[0].Error, kafka.UnknownTopicOrPartition):
		return 0, &MissingTopics{[]string{topic}}
	case meta.Topics[0].Error != nil:
		return 0, fmt.Errorf("ask for the partitions of %s: %w", topic, meta.Topics[0].Error)
	}
	return len(meta.Topics[0].Partitions), nil
}

func (b *Broker) metadata(ctx context.Context, topics []string) (*kafka.MetadataResponse, error) {
	meta, err := b.client.Metadata(ctx, &kafka.MetadataRequest{Topics: topics})
	if err != nil {
		return nil, err
	}
	if len(meta.Topics) != len(topics) {
		return nil, fmt.Errorf("asked for %d topics, got %d", len(topics), len(meta.Topics))
	}
	return meta, nil
}

// wait pauses for d and says whether ctx lasted that long.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
