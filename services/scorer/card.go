package scorer

import (
	"context"
	"strconv"

	"skimwatch/engine/atm"
	"skimwatch/engine/stage"
	"skimwatch/services/internal/kafka"
)

// cardRun is the card stage of a worker: transactions in, transactions.by-atm and dead letters out.
type cardRun struct {
	w     *worker
	stage *stage.Card
	n     int // partitions of the by-atm topic
	parts int // partitions of the transactions topic
	out   []batch

	strayed bool // a record outside its key's partition was told of
}

func (w *worker) runCard(ctx context.Context) error {
	n, err := w.Broker.Partitions(ctx, kafka.ByATM)
	if err != nil {
		return err
	}
	letters, err := w.Broker.Partitions(ctx, kafka.DeadLetters)
	if err != nil {
		return err
	}
	parts, err := w.Broker.Partitions(ctx, kafka.Transactions)
	if err != nil {
		return err
	}
	r := &cardRun{w: w, n: n, parts: parts, out: make([]batch, n+1)}
	for i := range n {
		r.out[i] = batch{topic: kafka.ByATM, partition: i}
	}
	r.out[n] = batch{topic: kafka.DeadLetters, partition: w.partition % letters}
	r.stage = stage.NewCard(int32(w.partition), n, Route)
	return w.run(ctx, r)
}

func (r *cardRun) restore(b []byte) (stage.Checkpoint, error) {
	r.stage = stage.NewCard(int32(r.w.partition), r.n, Route)
	return r.stage.Restore(b)
}

func (r *cardRun) fold(ctx context.Context, records []kafka.Record) error {
	for i := range r.out {
		r.out[i].records = r.out[i].records[:0]
	}
	for i := range records {
		in := &records[i]
		var f stage.Forward
		if !r.strayed && len(in.Key) > 0 && kafka.Partition(in.Key, r.parts) != r.w.partition {
			r.strayed = true
			r.w.Log.Warn("a record lies outside the partition of its key: its producer does not partition by murmur2, and the history of its card is split",
				"topic", kafka.Transactions, "partition", r.w.partition, "offset", in.Offset)
		}
		letter := r.stage.Apply(stage.Input{Value: in.Value, Offset: in.Offset, Produced: produced(in)}, &f)
		if letter == nil {
			r.out[f.Partition].records = append(r.out[f.Partition].records, kafka.Record{Key: []byte(f.Key), Value: f.Value})
			continue
		}
		letter.Topic = kafka.Transactions
		record, err := kafka.NewDeadLetter(*letter, in.Key)
		if err != nil {
			return err
		}
		r.out[r.n].records = append(r.out[r.n].records, record)
	}
	return r.w.produce(ctx, r.out)
}

func (r *cardRun) snapshot(offset int64, generation int32) []byte {
	return r.stage.Checkpoint(offset, generation)
}

func (r *cardRun) switched(context.Context) bool { return false }

func (r *cardRun) status() PartitionStatus {
	return PartitionStatus{Counts: r.stage.Counts, Keys: r.stage.Keys(), Watermark: r.stage.Watermark()}
}

// produced returns the processing time at which a record was written: the producer's own word where it gave one, in
// microseconds, else the record's.
func produced(r *kafka.Record) atm.Time {
	for _, h := range r.Headers {
		if h.Key == "produced" {
			if v, err := strconv.ParseInt(string(h.Value), 10, 64); err == nil {
				return atm.Time(v)
			}
		}
	}
	return atm.TimeOf(r.Time)
}
