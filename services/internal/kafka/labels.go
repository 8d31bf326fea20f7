package kafka

import (
	"context"
	"encoding/json"
	"fmt"

	"skimwatch/engine/atm"
)

// ProduceLabels writes each label to the partition of its transaction, in order. After an error some may be written.
func (b *Broker) ProduceLabels(ctx context.Context, labels []atm.Label) error {
	n, err := b.Partitions(ctx, Labels)
	if err != nil {
		return err
	}
	parts := make([][]Record, n)
	for i := range labels {
		value, err := json.Marshal(&labels[i])
		if err != nil {
			return fmt.Errorf("encode the label of %q: %w", labels[i].Transaction, err)
		}
		key := []byte(labels[i].Transaction)
		p := Partition(key, n)
		parts[p] = append(parts[p], Record{Key: key, Value: value})
	}
	for p, records := range parts {
		if len(records) == 0 {
			continue
		}
		if _, err := b.Produce(ctx, Labels, p, records); err != nil {
			return err
		}
	}
	return nil
}
