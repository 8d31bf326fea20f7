package train

import (
	"context"
	"fmt"
	"math"

	"skimwatch/engine/atm"
	"skimwatch/models/artifact"
	"skimwatch/models/dataset"
	"skimwatch/models/evaluate"
	"skimwatch/models/forest"
)

// Config says how to train. The zero value of a field means its default; Cutoff has none.
type Config struct {
	Cutoff atm.Time // nothing known later is used
	Delay  atm.Time // how long labels take; default: what nine of ten took
	Slice  atm.Time // length of the later slice; default: a quarter of the history, at most 14 days
	Budget float64  // alerts a day that people can look at; default: as many as give the best F1 on the later slice
	Forest forest.Config

	CPU      func() float64                      // CPU seconds of this process so far; nil: not measured
	Progress func(stage string, done, total int) // may be called from several goroutines; nil: not wanted
}

// The stages that Progress hears of, in order.
const (
	StageTrial = "fit on the past"
	StageJudge = "judge on the later slice"
	StageFit   = "fit on everything"
)

// Reference is the model in force, to compare with.
type Reference struct {
	Version   string
	Model     artifact.Model
	Threshold float64
	FittedTo  atm.Time // event time of the newest row that it was fitted on
}

// Result is a fitted model and all that was found out about it.
type Result struct {
	Model  *forest.Forest
	Report Report
}

// Run trains on a labelled set. champion may be nil. The same set, configuration and champion give the same model.
// The error wraps forest.ErrTooFewLabels or forest.ErrOneClass when there is not enough to learn from.
func Run(ctx context.Context, set *dataset.Set, cfg Config, champion *Reference) (*Result, error) {
	p := plan(set, cfg)
	trial, err := forest.Fit(ctx, p.fit(set), cfg.Forest, cfg.stage(StageTrial))
	if err != nil {
		return nil, fmt.Errorf("train on the past: %w", err)
	}
	later := p.later(set)
	cfg.report(StageJudge, 0, 1)
	scored := evaluate.Score(later, trial)
	r := Report{Plan: p}
	r.Threshold, r.Budget = operatingPoint(scored, cfg.Budget, p)
	r.Later = judge(scored, p, r.Threshold, r.Budget)
	r.Champion = compare(set, trial, champion, r, p)
	cfg.report(StageJudge, 1, 1)

	all := p.all(set)
	before := cfg.cpu()
	model, err := forest.Fit(ctx, all, cfg.Forest, cfg.stage(StageFit))
	if err != nil {
		return nil, fmt.Errorf("train on everything: %w", err)
	}
	r.CPUSeconds = cfg.cpu() - before
	r.describe(all, model, cfg)
	return &Result{Model: model, Report: r}, nil
}

// operatingPoint chooses the threshold on the later slice, and says how many alerts a day it gave there.
func operatingPoint(scored []evaluate.Scored, budget float64, p Plan) (threshold, perDay float64) {
	if budget > 0 {
		return evaluate.Threshold(scored, budget), budget
	}
	threshold = evaluate.BestF1(scored)
	return threshold, float64(evaluate.At(scored, threshold).Alerts) / p.days()
}

func judge(scored []evaluate.Scored, p Plan, threshold, budget float64) Judgement {
	j := Judgement{
		Rows: len(scored), Frauds: evaluate.Frauds(scored),
		Metrics:     evaluate.Measure(scored, p.From, int(math.Ceil(budget))),
		PerScenario: evaluate.PerScenario(scored, threshold),
	}
	at := evaluate.At(scored, threshold)
	j.Precision, j.Recall, j.AlertsPerDay = at.Precision, at.Recall, float64(at.Alerts)/p.days()
	return j
}

func (c Config) stage(name string) func(done, total int) {
	return func(done, total int) { c.report(name, done, total) }
}

func (c Config) report(stage string, done, total int) {
	if c.Progress != nil {
		c.Progress(stage, done, total)
	}
}

func (c Config) cpu() float64 {
	if c.CPU == nil {
		return 0
	}
	return c.CPU()
}
