package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// requestBytes is where Produce begins another request: safely under the 1 MiB that a broker takes by default.
const requestBytes = 900 << 10

// Produce writes records to one partition in their order, waits until all in-sync replicas have them, and returns the offset of the
// first. What does not fit into one request goes into several, one after the other. After an error some of the records may be
// written, and even those of the failed request: the caller must be able to write them twice. A zero Time becomes now.
func (b *Broker) Produce(ctx context.Context, topic string, partition int, records []Record) (base int64, err error) {
	base = -1
	for now := time.Now(); len(records) > 0; {
		n := fit(records)
		batch := make([]kafka.Record, n)
		for i := range batch {
			batch[i] = outgoing(&records[i], now)
		}
		ctx, cancel := context.WithTimeout(ctx, timeout)
		answer, err := b.client.Produce(ctx, &kafka.ProduceRequest{Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(batch...)})
		cancel()
		if err == nil {
			err = answer.Error
		}
		if err != nil {
			return base, fmt.Errorf("produce %d records to %s, partition %d: %w", n, topic, partition, err)
		}
		if base < 0 {
			base = answer.BaseOffset
		}
		records = records[n:]
	}
	return base, nil
}

// fit returns how many records go into one request: always at least one.
func fit(records []Record) int {
	size := 0
	for i := range records {
		r := &records[i]
		size += len(r.Key) + len(r.Value) + 32
		for _, h := range r.Headers {
			size += len(h.Key) + len(h.Value) + 8
		}
		if size > requestBytes && i > 0 {
			return i
		}
	}
	return len(records)
}

func outgoing(r *Record, now time.Time) kafka.Record {
	out := kafka.Record{Time: r.Time, Value: kafka.NewBytes(r.Value)}
	if r.Key != nil {
		out.Key = kafka.NewBytes(r.Key)
	}
	if out.Time.IsZero() {
		out.Time = now
	}
	for _, h := range r.Headers {
		out.Headers = append(out.Headers, kafka.Header{Key: h.Key, Value: h.Value})
	}
	return out
}
