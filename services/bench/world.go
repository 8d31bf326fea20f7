package bench

import (
	"context"
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/engine/score"
	"skimwatch/models/dataset"
	"skimwatch/models/forest"
	"skimwatch/models/train"
	"skimwatch/simulator"
)

// seed makes every run the same.
const seed = 1

// trainingDays of a smaller world teach the model that is measured.
const trainingDays = 30

// learn trains a forest as the product does, on a small world of its own.
func learn(ctx context.Context, trees int) (score.Version, error) {
	world, err := simulator.New(simulator.Config{Seed: seed + 1, Cards: 3000, ATMs: 200, Days: trainingDays})
	if err != nil {
		return score.Version{}, err
	}
	var last atm.Time
	labels := dataset.NewLabels(1 << 62)
	stream := func(yield func(*atm.Transaction, error) bool) {
		var e simulator.Event
		for world.Next(&e) {
			for _, l := range e.Labels {
				labels.Add(l)
			}
			last = e.At
			if !yield(&e.Transaction, nil) {
				return
			}
		}
	}
	set, err := dataset.Build(ctx, stream, dataset.Window{})
	if err != nil {
		return score.Version{}, err
	}
	set.Label(labels)
	r, err := train.Run(ctx, set, train.Config{Cutoff: last, Forest: forest.Config{Seed: seed, Trees: trees}}, nil)
	if err != nil {
		return score.Version{}, fmt.Errorf("train the model that is measured: %w", err)
	}
	return score.Version{Name: "bench/1", Threshold: r.Report.Threshold, Model: r.Model}, nil
}

// records are transactions as they lie on a topic.
func records(cards, n int) ([][]byte, error) {
	world, err := simulator.New(simulator.Config{Seed: seed, Cards: cards, ATMs: max(50, cards/20)})
	if err != nil {
		return nil, err
	}
	all := make([][]byte, 0, n)
	var e simulator.Event
	for len(all) < n && world.Next(&e) {
		all = append(all, e.Transaction.AppendJSON(nil))
	}
	return all, nil
}
