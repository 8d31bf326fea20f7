package trainer

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/models/evaluate"
	"skimwatch/models/forest"
	"skimwatch/services/internal/daemon"
)

// evaluateFlags are what the evaluate command can be told.
type evaluateFlags struct {
	in, labels, testFrom, algorithm           string
	testDays, delayDays, trainDays, knownDays float64
	folds, budget, trees                      int
	features                                  []string
	seed                                      uint64
	keepKnown, json                           bool
}

func evaluateCommand() *cobra.Command {
	var f evaluateFlags
	cmd := &cobra.Command{
		Use:   "evaluate",
		Short: "Measure how well a model finds fraud on the days after those it learned from",
		Long: `Fits on the train-days that end delay-days before T and tests on the test-days from T; fold i starts i × test-days later.
History before the fit window feeds the state behind the features. Frauds known at T are learned from; all labels of the
file are the truth. As in the Fraud Detection Handbook the test leaves out cards known as defrauded when their day is
scored: those with a fraud in the known-days that end delay-days before T, and, for a test day, those with a fraud from
there up to delay-days before it.`,
		Example: `  skimwatch evaluate --in history.ndjson --labels labels.ndjson --test-from 2026-03-01T00:00:00Z --folds 4 --json`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.in, "in", "", "transactions `FILE`, in the order in which they came")
	flags.StringVar(&f.labels, "labels", "", "labels `FILE`")
	flags.StringVar(&f.testFrom, "test-from", "", "first test day begins at `T` (default so that the last fold ends with the last day of the file)")
	flags.Float64Var(&f.testDays, "test-days", 7, "length of the test")
	flags.Float64Var(&f.delayDays, "delay-days", 7, "gap between fit and test: the time labels take")
	flags.Float64Var(&f.trainDays, "train-days", 7, "length of the fit window")
	flags.Float64Var(&f.knownDays, "known-days", 0, "how long before the gap a card's fraud is remembered (default train-days)")
	flags.IntVar(&f.folds, "folds", 1, "number of tests, one after the other")
	flags.IntVar(&f.budget, "budget", 100, "alerts, and cards, that can be looked at per day: k")
	flags.StringVar(&f.algorithm, "algorithm", forest.Algorithm, "kind of model")
	flags.IntVar(&f.trees, "trees", 0, "number of trees (default 50)")
	flags.StringSliceVar(&f.features, "features", nil, "learn from these features only, comma separated")
	flags.Uint64Var(&f.seed, "seed", 1, "same data and seed give the same figures")
	flags.BoolVar(&f.keepKnown, "keep-known", false, "test also on cards known as defrauded")
	flags.BoolVar(&f.json, "json", false, "print the figures as JSON")
	return cmd
}

func (f evaluateFlags) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	progress := newProgress(cmd.ErrOrStderr())
	data := &Files{In: f.in, Labels: f.labels, Warn: progress.warn}
	split, err := f.split(ctx, data)
	if err != nil {
		return err
	}
	set, err := f.set(ctx, data, split, progress)
	if err != nil {
		return err
	}
	report := evaluateReport{Algorithm: f.algorithm, Seed: f.seed, Budget: f.budget, Features: set.Names}
	for i := range f.folds {
		name := fmt.Sprintf("fold %d of %d", i+1, f.folds)
		fold, err := f.fold(ctx, set, split.Fold(i), func(done, total int) { progress.tell(name, done, total) })
		if err != nil {
			return fmt.Errorf("evaluate %s: %w", name, err)
		}
		report.Folds = append(report.Folds, fold)
	}
	report.average()
	if f.json {
		return writeJSON(cmd.OutOrStdout(), report)
	}
	return report.write(cmd.OutOrStdout())
}

// split checks the flags and lays out the first fold.
func (f evaluateFlags) split(ctx context.Context, data *Files) (evaluate.Split, error) {
	var s evaluate.Split
	if err := known(f.algorithm); err != nil {
		return s, err
	}
	switch {
	case f.in == "" || f.labels == "":
		return s, daemon.Usage(errors.New("give --in FILE and --labels FILE"))
	case f.folds < 1 || f.budget < 1:
		return s, daemon.Usage(fmt.Errorf("--folds %d and --budget %d: both must be at least 1", f.folds, f.budget))
	}
	s = evaluate.Split{Test: days(f.testDays), Delay: days(f.delayDays), Train: days(f.trainDays), Known: days(f.knownDays), KeepKnown: f.keepKnown}
	if err := s.Check(); err != nil {
		return s, daemon.Usage(err)
	}
	var err error
	if s.TestFrom, err = instant("test-from", f.testFrom); err != nil || s.TestFrom != 0 {
		return s, err
	}
	newest, err := data.Newest(ctx)
	if err != nil {
		return s, err
	}
	s.TestFrom = newest - newest%atm.Day + atm.Day - atm.Time(f.folds)*s.Test
	return s, nil
}

func days(n float64) atm.Time { return atm.Time(n * float64(atm.Day)) }

// set keeps the rows that any fold needs.
func (f evaluateFlags) set(ctx context.Context, data *Files, first evaluate.Split, progress *progress) (*dataset.Set, error) {
	progress.tell(StageData, 0, 1)
	keep := dataset.Window{From: first.TestFrom - first.Delay - max(first.Train, first.Known), To: first.Fold(f.folds).TestFrom}
	set, err := data.Set(ctx, keep, endOfTime)
	if err != nil {
		return nil, err
	}
	if len(f.features) > 0 {
		if set, err = set.Keep(f.features); err != nil {
			return nil, daemon.Usage(fmt.Errorf("--features: %w; skimwatch features lists them", err))
		}
	}
	progress.tell(StageData, 1, 1)
	return set, nil
}

// endOfTime is the cut-off that lets every label in: which of them a fold may learn from, the split decides.
const endOfTime = atm.Time(1<<63 - 1)

func (f evaluateFlags) fold(ctx context.Context, set *dataset.Set, split evaluate.Split, progress func(done, total int)) (foldReport, error) {
	fit, test := split.Fit(set), split.Judge(set)
	r := foldReport{TestFrom: split.TestFrom, Train: counts{float64(len(fit.Rows)), float64(fit.Frauds())}, Test: counts{float64(len(test.Rows)), float64(test.Frauds())}}
	model, err := forest.Fit(ctx, fit, forest.Config{Seed: f.seed, Trees: f.trees}, progress)
	if err != nil {
		return r, err
	}
	scored := evaluate.Score(test, model)
	r.Metrics = evaluate.Measure(scored, split.TestFrom, f.budget)
	r.PerScenario = byScenario(evaluate.AtBudget(scored, split.TestFrom, f.budget).PerScenario)
	return r, nil
}
