package setup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/models/forest"
	"skimwatch/models/registry"
	"skimwatch/models/train"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/trainer"
)

// Champion returns the version in force, and trains a first one on the history where there is none. A history with too few
// known frauds to learn from gives no model and no error: the rules decide alone until a later training finds enough.
func Champion(ctx context.Context, s System, w World, tell Progress) (string, error) {
	models := registry.New(s.Blobs)
	current, err := models.Current(ctx, registry.Champion)
	if err == nil {
		return current.Version, nil
	}
	if !errors.Is(err, registry.ErrNotFound) {
		return "", err
	}
	job := trainer.Job{Data: trainer.Database{Store: s.History}, Registry: models, Register: true, Code: daemon.Version(), By: "setup",
		Now: func() atm.Time { return atm.TimeOf(time.Now()) },
		Config: train.Config{Cutoff: w.End, Progress: func(stage string, done, total int) {
			tell(stage, int64(done), int64(total))
		}}}
	job.Config.Forest.Seed = w.Simulator.Seed
	out, err := job.Run(ctx)
	if errors.Is(err, forest.ErrTooFewLabels) || errors.Is(err, forest.ErrOneClass) {
		s.Log.Warn("no model yet, the rules decide alone", "cause", err)
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("train the first champion: %w", err)
	}
	return out.Manifest.Version, nil
}
