package archiver

import (
	"context"
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/kafka"
)

// keepLabels stores the labels of a batch. Others than we write labels too: what does not decode goes to the dead letters.
// Labels come first: as long as the history refuses them the batch is tried again, and must not write its letters each time.
func (a *Archiver) keepLabels(ctx context.Context, records []kafka.Record) error {
	labels := make([]atm.Label, 0, len(records))
	var letters []kafka.Record
	for i := range records {
		l, err := atm.DecodeLabel(records[i].Value)
		if err == nil {
			labels = append(labels, l)
			continue
		}
		letter, err := labelLetter(&records[i], err)
		if err != nil {
			return err
		}
		letters = append(letters, letter)
	}
	if err := a.History.AppendLabels(ctx, labels); err != nil {
		return err
	}
	return a.bury(ctx, records[0].Partition, letters)
}

func labelLetter(r *kafka.Record, reason error) (kafka.Record, error) {
	return kafka.NewDeadLetter(atm.DeadLetter{Topic: kafka.Labels, Reason: reason.Error(), Partition: int32(r.Partition), Offset: r.Offset, Bytes: append([]byte{}, r.Value...)}, r.Key)
}

// bury writes dead letters of one partition of labels, in their order. After a crash a batch is read and buried again: letters
// are one by the place that they name.
func (a *Archiver) bury(ctx context.Context, partition int, letters []kafka.Record) error {
	if len(letters) == 0 {
		return nil
	}
	n, err := a.Broker.Partitions(ctx, kafka.DeadLetters)
	if err != nil {
		return err
	}
	if _, err := a.Broker.Produce(ctx, kafka.DeadLetters, partition%n, letters); err != nil {
		return fmt.Errorf("bury labels that do not decode: %w", err)
	}
	a.Log.Warn("labels that do not decode went to the dead letters", "partition", partition, "labels", len(letters))
	return nil
}
