package trainer

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"skimwatch/engine/atm"
	"skimwatch/models/evaluate"
)

// evaluateReport is what the evaluate command prints: the mean over the folds, and each of them.
type evaluateReport struct {
	Algorithm string   `json:"algorithm"`
	Seed      uint64   `json:"seed"`
	Budget    int      `json:"budget"`
	Features  []string `json:"features"`
	evaluate.Metrics
	Train       counts                    `json:"train"`
	Test        counts                    `json:"test"`
	PerScenario map[string]scenarioReport `json:"per_scenario,omitempty"` // over all folds
	Folds       []foldReport              `json:"folds"`
}

// foldReport is one fold.
type foldReport struct {
	TestFrom atm.Time `json:"test_from"`
	evaluate.Metrics
	Train       counts                    `json:"train"`
	Test        counts                    `json:"test"`
	PerScenario map[string]scenarioReport `json:"per_scenario,omitempty"`
}

// counts are numbers of rows, or means of such numbers.
type counts struct {
	Rows   float64 `json:"rows"`
	Frauds float64 `json:"frauds"`
}

// scenarioReport says how much of one kind of fraud is among each day's budget of best-scored transactions.
type scenarioReport struct {
	Frauds int     `json:"frauds"`
	Caught int     `json:"caught"`
	Recall float64 `json:"recall"`
}

func byScenario(list []evaluate.ScenarioRecall) map[string]scenarioReport {
	m := map[string]scenarioReport{}
	for _, s := range list {
		m[s.Scenario] = scenarioReport{s.Frauds, s.Caught, s.Recall}
	}
	return m
}

func (r *evaluateReport) average() {
	var metrics []evaluate.Metrics
	n := float64(len(r.Folds))
	r.PerScenario = map[string]scenarioReport{}
	for _, f := range r.Folds {
		metrics = append(metrics, f.Metrics)
		r.Train.Rows += f.Train.Rows / n
		r.Train.Frauds += f.Train.Frauds / n
		r.Test.Rows += f.Test.Rows / n
		r.Test.Frauds += f.Test.Frauds / n
		for name, s := range f.PerScenario {
			all := r.PerScenario[name]
			all.Frauds += s.Frauds
			all.Caught += s.Caught
			all.Recall = float64(all.Caught) / float64(all.Frauds)
			r.PerScenario[name] = all
		}
	}
	r.Metrics = evaluate.Mean(metrics)
}

func (r *evaluateReport) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("model", "%s, seed %d, %d features", r.Algorithm, r.Seed, len(r.Features))
	row("fitted on", "%.0f transactions with %.0f frauds", r.Train.Rows, r.Train.Frauds)
	row("tested on", "%.0f transactions with %.0f frauds", r.Test.Rows, r.Test.Frauds)
	row("budget k", "%d a day", r.Budget)
	writeMetrics(row, r.Metrics)
	for _, name := range slices.Sorted(maps.Keys(r.PerScenario)) {
		row("  "+name, "%d of %d frauds within the budget", r.PerScenario[name].Caught, r.PerScenario[name].Frauds)
	}
	if len(r.Folds) > 1 {
		row("", "mean of %d folds:", len(r.Folds))
		for _, f := range r.Folds {
			row("  from "+minute(f.TestFrom), "average precision %.4f, ROC-AUC %.4f, card precision at k %.4f", f.AveragePrecision, f.ROCAUC, f.CardPrecisionAtK)
		}
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}
