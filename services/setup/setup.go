// Package setup makes an empty system ready to run: tables, topics, a simulated history, the speed layer's state at the end
// of that history, and a first champion. The demo and the setup container do it alike.
package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
	"skimwatch/simulator"
)

// marker is the blob that says that a system is set up, and how.
const marker = "setup.json"

// World is what the marker remembers: with it the simulator goes on where the history ended.
type World struct {
	Simulator  simulator.Config `json:"simulator"` // Days is 0: the world goes on
	Days       int              `json:"days"`      // of history
	Partitions int              `json:"partitions"`
	Deliveries int64            `json:"deliveries"` // of the simulator that are history; the live stream begins with this number
	End        atm.Time         `json:"end"`        // event time at which the live stream begins
}

// Options say what to set up.
type Options struct {
	Simulator  simulator.Config
	Days       int
	Partitions int
	Group      string // of the engine
}

// System is what is set up.
type System struct {
	Broker  *kafka.Broker
	History *history.Store
	Blobs   blob.Store
	Log     *slog.Logger
}

// Progress is told how far a stage is; total is 0 when it is unknown.
type Progress func(stage string, done, total int64)

// ErrOther says that the system was set up as another world than the one asked for.
var ErrOther = errors.New("the system was set up differently")

// Load returns how a system was set up; the error wraps fs.ErrNotExist when it was not.
func Load(ctx context.Context, blobs blob.Store) (World, error) {
	b, err := blobs.Get(ctx, marker)
	if err != nil {
		return World{}, fmt.Errorf("read how the system was set up: %w", err)
	}
	var w World
	if err := json.Unmarshal(b, &w); err != nil {
		return World{}, fmt.Errorf("read how the system was set up: %w", err)
	}
	return w, nil
}

// Run sets up what is not set up yet and returns the world. What a run before did is found and not done again, so that a
// set-up that was interrupted is finished by the next one.
func Run(ctx context.Context, s System, o Options, tell Progress) (World, error) {
	if err := s.History.Migrate(ctx); err != nil {
		return World{}, err
	}
	if _, err := s.Broker.CreateTopics(ctx, o.Partitions); err != nil {
		return World{}, fmt.Errorf("create topics: %w", err)
	}
	w, err := Load(ctx, s.Blobs)
	if err == nil {
		return w, same(w, o)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return w, err
	}
	w = World{Simulator: o.Simulator, Days: o.Days, Partitions: o.Partitions}
	pipeline := engine.New(engine.Config{Partitions: o.Partitions, Partition: scorer.Route})
	if err := s.simulate(ctx, &w, pipeline, tell); err != nil {
		return w, err
	}
	if err := s.warm(ctx, o.Group, pipeline); err != nil {
		return w, err
	}
	b, err := json.Marshal(w)
	if err != nil {
		return w, fmt.Errorf("remember how the system was set up: %w", err)
	}
	return w, s.Blobs.Put(ctx, marker, b)
}

// same refuses options that differ from how the system was set up.
func same(w World, o Options) error {
	a, b := w.Simulator, o.Simulator
	if a.Seed != b.Seed || a.Cards != b.Cards || a.ATMs != b.ATMs || w.Days != o.Days || w.Partitions != o.Partitions {
		return daemon.Usage(fmt.Errorf("%w: seed %d, %d cards, %d ATMs, %d days and %d partitions, but seed %d, %d cards, %d ATMs, %d days and %d partitions were asked for; choose another data folder or leave the flags out",
			ErrOther, a.Seed, a.Cards, a.ATMs, w.Days, w.Partitions, b.Seed, b.Cards, b.ATMs, o.Days, o.Partitions))
	}
	return nil
}

// morning is when, on the day after the history's last, the live stream begins: at night there would be little to see.
const morning = 9 * atm.Hour

// before is subtracted from the offsets of history rows, so that they sort before everything that a topic will ever hold.
const before = 1 << 40

// simulate stores the history in the order in which a stream would have brought it, and folds it on the way.
func (s System) simulate(ctx context.Context, w *World, pipeline *engine.Pipeline, tell Progress) error {
	world, err := simulator.New(w.Simulator)
	if err != nil {
		return err
	}
	start := w.Simulator.Start
	w.End = start + atm.Time(w.Days)*atm.Day + morning
	const batch = 2000
	rows, labels := make([]history.Row, 0, batch), []atm.Label(nil)
	flush := func(at atm.Time) error {
		if err := s.History.AppendBackfill(ctx, rows); err != nil {
			return err
		}
		if err := s.History.AppendLabels(ctx, labels); err != nil {
			return err
		}
		rows, labels = rows[:0], labels[:0]
		tell("history", int64(at-start), int64(w.End-start))
		return ctx.Err()
	}
	var e simulator.Event
	var score atm.Score
	for world.Next(&e) && e.At < w.End {
		w.Deliveries = e.N + 1
		labels = append(labels, e.Labels...)
		pipeline.Push(&e.Transaction, &score)
		if score.Flags&atm.Duplicate == 0 {
			row := history.Row{Transaction: e.Transaction, CardAt: score.CardAt, ATMAt: score.ATMAt, Flags: score.Flags}
			row.CardAt.Offset -= before
			row.ATMAt.Offset -= before
			rows = append(rows, row)
		}
		if len(rows) == batch {
			if err := flush(e.At); err != nil {
				return err
			}
		}
	}
	return flush(w.End)
}

// warm stores the folded state as the first checkpoints of the engine's group.
func (s System) warm(ctx context.Context, group string, pipeline *engine.Pipeline) error {
	checkpoints := scorer.Checkpoints{Blobs: s.Blobs, Group: group}
	for p := range pipeline.Partitions() {
		card, machine := pipeline.Warm(p)
		if err := checkpoints.Seed(ctx, kafka.Transactions, p, card); err != nil {
			return err
		}
		if err := checkpoints.Seed(ctx, kafka.ByATM, p, machine); err != nil {
			return err
		}
	}
	return nil
}
