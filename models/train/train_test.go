package train_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/models/conformance"
	"skimwatch/models/dataset"
	"skimwatch/models/forest"
	"skimwatch/models/train"
)

// town is a labelled history of 40 days in which labels take from 0 to 4 days.
func town(rows, frauds int, cutoff atm.Time) *dataset.Set {
	part := conformance.Invent(rows, frauds, 1)
	labels := dataset.NewLabels(cutoff)
	n := 0
	for i, fraud := range part.Y {
		at := atm.Time(i) * 40 * atm.Day / atm.Time(rows)
		part.Set.Time[i] = at
		if fraud {
			labels.Add(atm.Label{Transaction: part.Set.ID[i], Fraud: true, Source: atm.Chargeback, Scenario: []string{"relay", "skimming"}[n%2], KnownAt: at + atm.Time(n%5)*atm.Day})
			n++
		}
	}
	part.Set.Label(labels)
	return part.Set
}

func config(cutoff atm.Time) train.Config {
	return train.Config{Cutoff: cutoff, Forest: forest.Config{Seed: 1, Trees: 10, Depth: 8, MinLeaf: 3, Negatives: 10, Threads: 2}}
}

func run(t *testing.T, set *dataset.Set, cfg train.Config, champion *train.Reference) *train.Result {
	t.Helper()
	r, err := train.Run(context.Background(), set, cfg, champion)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun(t *testing.T) {
	cutoff := 40 * atm.Day
	cfg := config(cutoff)
	clock, heard := 0.0, map[string]int{}
	cfg.CPU = func() float64 { clock += 2; return clock }
	cfg.Forest.Threads = 1
	cfg.Progress = func(stage string, done, total int) { heard[stage] = max(heard[stage], done*100/total) }
	r := run(t, town(8000, 400, cutoff), cfg, nil).Report

	if r.Plan.ByCard || r.Plan.Delay != 4*atm.Day || r.Plan.To != 36*atm.Day || r.Plan.From != 27*atm.Day {
		t.Errorf("plan %v, labels take %v", r.Plan, r.Plan.Delay.Duration())
	}
	if r.Later.Rows != 1800 || r.Later.Frauds != 90 || len(r.Later.PerScenario) != 2 {
		t.Errorf("later slice %+v", r.Later)
	}
	if r.Later.AveragePrecision < 0.5 || r.Later.ROCAUC < 0.9 || r.Later.Recall == 0 || r.Later.Precision == 0 {
		t.Errorf("the model has learned little: %+v", r.Later)
	}
	// 36 days of the oldest rows, and from the last four days the frauds that were known
	if r.Rows < 7200 || r.Rows >= 7300 || r.Frauds != 360+r.Rows-7200 || r.Rows == 7200 {
		t.Errorf("fitted on %d rows with %d frauds", r.Rows, r.Frauds)
	}
	if r.Labels[atm.Chargeback] != r.Frauds || r.CPUSeconds != 2 || r.Trees != 10 || strings.Join(r.Ignored, "") != "always" {
		t.Errorf("report %+v", r)
	}
	if len(heard) != 3 || heard[train.StageTrial] != 100 || heard[train.StageJudge] != 100 || heard[train.StageFit] != 100 {
		t.Errorf("progress %v", heard)
	}
	for _, q := range r.Population {
		if q.P5 > q.P50 || q.P50 > q.P95 || q.Feature == "velocity" && math.Abs(q.P50-2.5) > 0.3 {
			t.Errorf("population %+v", q)
		}
	}
}

func TestLabelsKnownAfterTheCutoffDoNotExist(t *testing.T) {
	a, b := town(8000, 400, 30*atm.Day), town(8000, 400, 30*atm.Day)
	for row := range b.Rows() {
		if b.KnownAt[row] > 30*atm.Day {
			t.Fatalf("row %d is known at %s", row, b.KnownAt[row])
		}
	}
	// what a label says about the time after the cut-off cannot matter: turn all of those rows into frauds known later
	for row := range b.Rows() {
		if b.Source[row] == "" && row%2 == 0 {
			b.Fraud[row], b.Source[row], b.KnownAt[row] = true, atm.Chargeback, 31*atm.Day
		}
	}
	ra, rb := run(t, a, config(30*atm.Day), nil), run(t, b, config(30*atm.Day), nil)
	if string(ra.Model.Encode()) != string(rb.Model.Encode()) || ra.Report.Threshold != rb.Report.Threshold {
		t.Error("labels known after the cut-off changed the model")
	}
}

func TestYoungRowsCountOnceLabelled(t *testing.T) {
	cutoff := 40 * atm.Day
	set := town(8000, 400, cutoff)
	before := run(t, set, config(cutoff), nil).Report
	honest := 0
	for row := 7990; row < 8000; row++ {
		if set.Source[row] == "" {
			set.Source[row], set.KnownAt[row] = atm.Analyst, cutoff
			honest++
		}
	}
	after := run(t, set, config(cutoff), nil).Report
	if honest == 0 || after.Rows != before.Rows+honest || after.Labels[atm.Analyst] != honest || after.Frauds != before.Frauds {
		t.Errorf("%d decisions, rows %d then %d, labels %v", honest, before.Rows, after.Rows, after.Labels)
	}
}

func TestBudget(t *testing.T) {
	cutoff := 40 * atm.Day
	cfg := config(cutoff)
	cfg.Budget = 9
	r := run(t, town(8000, 400, cutoff), cfg, nil).Report
	if r.Budget != 9 || r.Later.AlertsPerDay > 9 || r.Later.AlertsPerDay < 7 {
		t.Errorf("budget %v, %v alerts a day", r.Budget, r.Later.AlertsPerDay)
	}
}

func TestShortHistoryIsSplitByCard(t *testing.T) {
	r := run(t, town(500, 18, 40*atm.Day), config(40*atm.Day), nil).Report
	if !r.Plan.ByCard || r.Later.Frauds == 0 || r.Later.Frauds > 20 || !strings.Contains(r.Plan.String(), "a third of the cards") {
		t.Errorf("plan %v, %+v", r.Plan, r.Later)
	}
}

func TestTooFewLabels(t *testing.T) {
	f := func(frauds int, want error) {
		t.Helper()
		if _, err := train.Run(context.Background(), town(2000, frauds, 40*atm.Day), config(40*atm.Day), nil); !errors.Is(err, want) {
			t.Errorf("%d frauds: error %v, want %v", frauds, err, want)
		}
	}
	f(0, forest.ErrOneClass)
	f(5, forest.ErrTooFewLabels)
}

type constant float64

func (c constant) Score([]float64) float64        { return float64(c) }
func (c constant) Explain(_, _ []float64) float64 { return float64(c) }
func (c constant) Features() []string             { return nil }
func (c constant) FeatureSet() uint64             { return 0 }
func (c constant) Encode() []byte                 { return nil }

func TestCompare(t *testing.T) {
	cutoff := 40 * atm.Day
	set := town(8000, 400, cutoff)
	f := func(champion *train.Reference, want train.Verdict) {
		t.Helper()
		c := run(t, set, config(cutoff), champion).Report.Champion
		if c == nil || c.Verdict != want {
			t.Errorf("comparison %+v, want %s", c, want)
		}
	}
	f(&train.Reference{Version: "fraud/1", Model: constant(0.5), FittedTo: 10 * atm.Day}, train.Better)
	// it has seen all but a day of the slice
	f(&train.Reference{Version: "fraud/1", Model: constant(0.5), FittedTo: 35 * atm.Day}, train.Unclear)
	// one that knows the future of the whole history
	long := config(cutoff)
	long.Forest.Trees = 40
	oracle := run(t, set, long, nil).Model
	f(&train.Reference{Version: "fraud/1", Model: oracle, Threshold: 0.5, FittedTo: 10 * atm.Day}, train.Worse)
}

func TestManifest(t *testing.T) {
	cutoff := 40 * atm.Day
	r := run(t, town(8000, 400, cutoff), config(cutoff), nil)
	m := r.Manifest("v1", 77)
	if m.FeatureSet != 42 || m.Cutoff != cutoff || m.Rows != r.Report.Rows || m.Evaluation.AveragePrecision != r.Report.Later.AveragePrecision || len(m.Population) != 6 {
		t.Errorf("manifest %+v", m)
	}
	if _, err := json.Marshal(m); err != nil {
		t.Error(err)
	}
}
