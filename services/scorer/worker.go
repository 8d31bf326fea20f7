package scorer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/engine/stage"
	"skimwatch/services/internal/kafka"
)

// chunk is how many records are folded before their answers are written.
const chunk = 1000

// worker runs one stage on one partition for one generation.
type worker struct {
	*Scorer
	generation kafka.Generation
	topic      string
	partition  int
	epoch      int64 // of the checkpoints it writes; newer than that of any owner before
	offset     int64 // of the next record to fold
	saved      time.Time
	written    chan error // result of the checkpoint that is being written, nil when none is
	dirty      bool       // folded something since the last checkpoint
	restored   bool       // went on from a checkpoint
}

// stageRun is what the two stages have in common for a worker.
type stageRun interface {
	restore(b []byte) (stage.Checkpoint, error)             // into a fresh stage
	fold(ctx context.Context, records []kafka.Record) error // folds and writes the answers
	snapshot(offset int64, generation int32) []byte
	switched(ctx context.Context) bool // puts a newer model in force and says whether it did
	status() PartitionStatus
}

// run restores the newest sound checkpoint and folds records until ctx ends.
func (w *worker) run(ctx context.Context, s stageRun) error {
	if err := w.restore(ctx, s); err != nil {
		return err
	}
	// What decides is on record before it decides anything, and a champion that came meanwhile decides at once.
	if s.switched(ctx) || !w.restored && w.topic == kafka.ByATM {
		if err := w.checkpoint(ctx, s, true); err != nil {
			return err
		}
	}
	w.report(s)
	defer w.Status.leave(w.topic, w.partition)
	err := w.Broker.Read(ctx, w.topic, w.partition, w.offset, func(records []kafka.Record) error {
		for len(records) > 0 {
			n := min(chunk, len(records))
			if err := w.step(ctx, s, records[:n]); err != nil {
				return err
			}
			records = records[n:]
		}
		return nil
	})
	if ctx.Err() == nil {
		return err
	}
	if w.dirty {
		// What was folded and written is worth a checkpoint; what was not is replayed.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := w.checkpoint(last, s, true); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// step folds a chunk, writes its answers, and checkpoints when it is time.
func (w *worker) step(ctx context.Context, s stageRun, records []kafka.Record) error {
	// A drain finishes the work in hand.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := s.fold(whole, records); err != nil {
		w.dirty = false // the state is ahead of the offset now, and not worth a checkpoint
		return err
	}
	w.offset, w.dirty = records[len(records)-1].Offset+1, true
	w.report(s)
	if time.Since(w.saved) < w.CheckpointEvery {
		return nil
	}
	return w.checkpoint(whole, s, s.switched(ctx))
}

// report publishes where the stage stands.
func (w *worker) report(s stageRun) {
	p := s.status()
	p.Topic, p.Partition, p.Offset = w.topic, w.partition, w.offset
	w.Status.set(p)
}

// checkpoint takes a snapshot and writes it beside the work; where durable says so it waits for it, as it must before a
// new model decides anything.
func (w *worker) checkpoint(ctx context.Context, s stageRun, durable bool) error {
	if err := w.settle(durable); errors.Is(err, errWriting) {
		return nil
	} else if err != nil {
		return err
	}
	b, offset := s.snapshot(w.offset, w.generation.ID), w.offset
	w.saved, w.dirty = time.Now(), false
	written := make(chan error, 1)
	w.written = written
	go func() { written <- w.save(context.WithoutCancel(ctx), b, offset) }()
	if durable {
		return w.settle(true)
	}
	return nil
}

var errWriting = errors.New("the checkpoint before is still being written")

// settle takes in the result of the checkpoint that is being written, waiting for it if wait says so.
func (w *worker) settle(wait bool) (err error) {
	if w.written == nil {
		return nil
	}
	if !wait {
		select {
		case err = <-w.written:
		default:
			return errWriting
		}
	} else {
		err = <-w.written
	}
	w.written = nil
	return err
}

// save writes a checkpoint and then, as a measure of lag, commits its offset.
func (w *worker) save(ctx context.Context, b []byte, offset int64) error {
	began := time.Now()
	if err := w.Checkpoints.put(ctx, w.topic, w.partition, w.epoch, offset, b); err != nil {
		return fmt.Errorf("checkpoint %s/%d at %d: %w", w.topic, w.partition, offset, err)
	}
	w.Status.checkpointed(len(b), time.Since(began))
	if err := w.generation.Commit(w.topic, w.partition, offset); err != nil {
		w.Log.Debug("offset not committed", "topic", w.topic, "partition", w.partition, "offset", offset, "error", err)
	}
	return nil
}

// restore puts the stage at the newest checkpoint that is sound, or at the start of the topic.
func (w *worker) restore(ctx context.Context, s stageRun) error {
	names, err := w.Checkpoints.list(ctx, w.topic, w.partition)
	if err != nil {
		return err
	}
	w.epoch = nextEpoch(names)
	for i := len(names) - 1; i >= 0; i-- {
		b, err := w.Checkpoints.Blobs.Get(ctx, names[i])
		if err != nil {
			return fmt.Errorf("read checkpoint %s: %w", names[i], err)
		}
		at, err := s.restore(b)
		if errors.Is(err, stage.ErrTorn) {
			w.Log.Warn("checkpoint passed over", "name", names[i], "error", err)
			continue
		}
		if err != nil {
			return fmt.Errorf("restore checkpoint %s: %w", names[i], err)
		}
		w.offset, w.restored = at.Offset, true
		w.Log.Info("partition restored", "topic", w.topic, "partition", w.partition, "offset", w.offset, "model", at.Model)
		return nil
	}
	if len(names) > 0 {
		return fmt.Errorf("restore %s/%d: all %d checkpoints are torn", w.topic, w.partition, len(names))
	}
	first, _, err := w.Broker.Offsets(ctx, w.topic)
	if err != nil {
		return err
	}
	w.offset = first[w.partition]
	return nil
}

// produce writes one batch per destination, all at once; each batch keeps its order.
func (w *worker) produce(ctx context.Context, batches []batch) error {
	var g errgroup.Group
	for _, b := range batches {
		if len(b.records) == 0 {
			continue
		}
		g.Go(func() error {
			if _, err := w.Broker.Produce(ctx, b.topic, b.partition, b.records); err != nil {
				return fmt.Errorf("produce %d records to %s/%d: %w", len(b.records), b.topic, b.partition, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// batch is what goes to one partition.
type batch struct {
	topic     string
	partition int
	records   []kafka.Record
}
