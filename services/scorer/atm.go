package scorer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/stage"
	"skimwatch/services/internal/kafka"
)

// atmRun is the atm stage of a worker: transactions.by-atm in, scores and alerts out.
type atmRun struct {
	w      *worker
	stage  *stage.ATM
	score  atm.Score
	alerts int // partitions of the alerts topic
	out    []batch
}

func (w *worker) runATM(ctx context.Context) error {
	scores, err := w.Broker.Partitions(ctx, kafka.Scores)
	if err != nil {
		return err
	}
	alerts, err := w.Broker.Partitions(ctx, kafka.Alerts)
	if err != nil {
		return err
	}
	r := &atmRun{w: w, alerts: alerts, out: make([]batch, alerts+1)}
	for i := range alerts {
		r.out[i] = batch{topic: kafka.Alerts, partition: i}
	}
	// Nobody reads scores by key, so each partition writes to its own: one request instead of one per partition.
	r.out[alerts] = batch{topic: kafka.Scores, partition: w.partition % scores}
	r.stage = stage.NewATM(int32(w.partition), w.Models.Current())
	return w.run(ctx, r)
}

func (r *atmRun) restore(b []byte) (stage.Checkpoint, error) {
	at, err := stage.ReadCheckpoint(b)
	if err != nil {
		return at, err
	}
	v, err := r.w.Models.Version(context.Background(), at.Model)
	if err != nil {
		return at, fmt.Errorf("model that the checkpoint names: %w", err)
	}
	r.stage = stage.NewATM(int32(r.w.partition), v)
	return r.stage.Restore(b)
}

func (r *atmRun) fold(ctx context.Context, records []kafka.Record) error {
	for i := range r.out {
		r.out[i].records = r.out[i].records[:0]
	}
	scores := &r.out[r.alerts].records
	for i := range records {
		applied, err := r.stage.Apply(stage.Input{Value: records[i].Value, Offset: records[i].Offset}, &r.score)
		if errors.Is(err, stage.ErrFeatureSet) {
			return fmt.Errorf("read %s/%d at %d: %w: let the program that wrote it finish first", kafka.ByATM, r.w.partition, records[i].Offset, err)
		}
		if err != nil {
			// Only the card stage writes here: this is nobody's transaction.
			r.w.Log.Error("record passed over", "topic", kafka.ByATM, "partition", r.w.partition, "offset", records[i].Offset, "error", err)
			continue
		}
		if !applied {
			continue
		}
		r.score.Scored = atm.TimeOf(time.Now())
		*scores = append(*scores, kafka.Record{Key: []byte(r.score.Transaction.Card), Value: r.score.AppendBinary(nil)})
		if r.score.Decision != atm.Alerts {
			continue
		}
		a := r.stage.Alert(&r.score)
		value, err := json.Marshal(&a)
		if err != nil {
			return fmt.Errorf("encode alert of %q: %w", a.Transaction, err)
		}
		p := Route(a.Card, r.alerts)
		r.out[p].records = append(r.out[p].records, kafka.Record{Key: []byte(a.Card), Value: value})
	}
	return r.w.produce(ctx, r.out)
}

func (r *atmRun) snapshot(offset int64, generation int32) []byte {
	return r.stage.Checkpoint(offset, generation)
}

func (r *atmRun) switched(context.Context) bool {
	v := r.w.Models.Current()
	if v.Name == r.stage.Model().Name {
		return false
	}
	r.w.Log.Info("model taken over", "partition", r.w.partition, "model", v.Name, "before", r.stage.Model().Name)
	r.stage.Switch(v)
	return true
}

func (r *atmRun) status() PartitionStatus {
	return PartitionStatus{Counts: r.stage.Counts, Keys: r.stage.Keys(), Watermark: r.stage.Watermark(), Model: r.stage.Model().Name}
}
