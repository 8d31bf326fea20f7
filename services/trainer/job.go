// Package trainer is the batch layer's service: it builds a data set of a history, trains a model, evaluates it, and keeps the
// registry. Its commands are train, evaluate and models.
package trainer

import (
	"context"
	"errors"
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/models/artifact"
	"skimwatch/models/dataset"
	"skimwatch/models/registry"
	"skimwatch/models/train"
)

// Data is the master dataset, or a file that stands for it.
type Data interface {
	// Newest returns the newest event time, which is the cut-off when none is asked for.
	Newest(ctx context.Context) (atm.Time, error)
	// Set returns the vectors of the window with the labels known at the cut-off.
	Set(ctx context.Context, keep dataset.Window, cutoff atm.Time) (*dataset.Set, error)
}

// Job is one training run.
type Job struct {
	Data     Data
	Registry *registry.Registry // nil: the model is compared with nothing and not registered
	Register bool               // keep the model, and put it in force unless the champion is clearly better
	Config   train.Config       // a zero Cutoff means the newest event time
	Code     string             // version of this program
	By       string             // who starts it
	Now      func() atm.Time    // processing time
}

// Outcome is what a job did.
type Outcome struct {
	*train.Result
	Manifest registry.Manifest // Version is empty unless the model was registered
	Role     registry.Alias    // given to the model; empty when it was not registered
}

// StageData is what Progress hears of before the stages of package train.
const StageData = "recompute the features"

// Run runs the job.
func (j Job) Run(ctx context.Context) (*Outcome, error) {
	if j.Config.Progress != nil {
		j.Config.Progress(StageData, 0, 1)
	}
	set, err := j.set(ctx)
	if err != nil {
		return nil, err
	}
	if j.Config.Progress != nil {
		j.Config.Progress(StageData, 1, 1)
	}
	champion, err := j.champion(ctx)
	if err != nil {
		return nil, err
	}
	result, err := train.Run(ctx, set, j.Config, champion)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Result: result, Manifest: result.Manifest(j.Code, j.Now())}
	if j.Registry == nil || !j.Register {
		return out, nil
	}
	return out, j.register(ctx, out)
}

func (j *Job) set(ctx context.Context) (*dataset.Set, error) {
	if j.Config.Cutoff == 0 {
		newest, err := j.Data.Newest(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the newest transaction: %w", err)
		}
		j.Config.Cutoff = newest
	}
	return j.Data.Set(ctx, dataset.Window{To: j.Config.Cutoff + 1}, j.Config.Cutoff)
}

// champion loads the model in force; nil when there is none, or when its vectors mean something else, for then the two
// cannot be compared and any new model is the better one.
func (j Job) champion(ctx context.Context) (*train.Reference, error) {
	if j.Registry == nil {
		return nil, nil
	}
	m, b, err := j.Registry.Resolve(ctx, string(registry.Champion), feature.Hash())
	if errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrFeatureSet) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load the champion: %w", err)
	}
	model, err := artifact.Load(b)
	if err != nil {
		return nil, fmt.Errorf("load the champion %s: %w", m.Version, err)
	}
	return &train.Reference{Version: m.Version, Model: model, Threshold: m.Threshold, FittedTo: m.To}, nil
}

// register keeps the model. It becomes the champion unless the present one did better on what neither had seen, then the
// challenger.
func (j Job) register(ctx context.Context, out *Outcome) error {
	m, err := j.Registry.Register(ctx, out.Manifest, out.Model.Encode())
	if err != nil {
		return err
	}
	out.Manifest = m
	role, reason := registry.Champion, "first model"
	if c := out.Report.Champion; c != nil {
		reason = fmt.Sprintf("%s than %s on a later slice", c.Verdict, c.Version)
		switch c.Verdict {
		case train.Worse:
			role = registry.Challenger
		case train.Unclear:
			reason = fmt.Sprintf("fitted on more labels than %s; too few of them to tell the two apart", c.Version)
		}
	}
	if _, err := j.Registry.Promote(ctx, role, m.Version, registry.Who{By: j.By, Reason: reason, At: j.Now()}); err != nil {
		return err
	}
	out.Role = role
	return nil
}
