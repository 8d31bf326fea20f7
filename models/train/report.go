package train

import (
	"maps"
	"slices"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/models/evaluate"
	"skimwatch/models/forest"
	"skimwatch/models/registry"
)

// Report is what a training run found out.
type Report struct {
	Plan       Plan
	Rows       int // that the model was fitted on
	Frauds     int
	From, To   atm.Time // event times of the first and last of them
	Features   []string
	Ignored    []string // constant features
	Trees      int
	CPUSeconds float64 // of fitting the model, without the trial
	Seed       uint64
	Threshold  float64
	Budget     float64            // alerts a day
	Labels     map[atm.Source]int // labels that decided about a row of the fit, by source
	Known      map[atm.Source]int // labels known at the cut-off about the history, by source; several may be about one row
	Later      Judgement          // of a model fitted on the past alone
	Champion   *Comparison        // nil when there is none
	Population []registry.Quantiles
}

// Judgement is how scores did on rows with known truth.
type Judgement struct {
	Rows   int `json:"rows"`
	Frauds int `json:"frauds"`
	evaluate.Metrics
	Precision    float64                   `json:"precision"` // at the threshold
	Recall       float64                   `json:"recall"`    // at the threshold
	AlertsPerDay float64                   `json:"alerts_per_day"`
	PerScenario  []evaluate.ScenarioRecall `json:"per_scenario,omitempty"`
}

// describe fills in what there is to say about the fitted model.
func (r *Report) describe(all dataset.Part, model *forest.Forest, cfg Config) {
	r.Rows, r.Frauds, r.Seed = len(all.Rows), all.Frauds(), cfg.Forest.Seed
	r.Features, r.Ignored, r.Trees = model.Features(), model.Ignored(), model.Trees()
	r.Labels, r.Known = map[atm.Source]int{}, maps.Clone(all.Set.Known)
	for i, row := range all.Rows {
		t := all.Set.Time[row]
		if i == 0 {
			r.From, r.To = t, t
		}
		r.From, r.To = min(r.From, t), max(r.To, t)
		if all.Set.LabelledAt(row, cfg.Cutoff) {
			r.Labels[all.Set.Source[row]]++
		}
	}
	r.Population = population(all)
}

// populationSample is the most rows from which quantiles are taken, evenly spread.
const populationSample = 20_000

func population(p dataset.Part) []registry.Quantiles {
	stride := max(1, len(p.Rows)/populationSample)
	out := make([]registry.Quantiles, len(p.Set.Names))
	values := make([]float64, 0, len(p.Rows)/stride+1)
	for c, name := range p.Set.Names {
		values = values[:0]
		for i := 0; i < len(p.Rows); i += stride {
			values = append(values, p.Vector(i)[c])
		}
		slices.Sort(values)
		at := func(percent int) float64 { return values[(len(values)-1)*percent/100] }
		out[c] = registry.Quantiles{Feature: name, P5: at(5), P50: at(50), P95: at(95)}
	}
	return out
}

// Manifest returns what the registry keeps about the model. code is the version of the program, created the processing time.
func (r *Result) Manifest(code string, created atm.Time) registry.Manifest {
	p := r.Report
	m := registry.Manifest{
		Algorithm: forest.Algorithm, Created: created, Code: code,
		FeatureSet: registry.FeatureSet(r.Model.FeatureSet()), Features: p.Features, Ignored: p.Ignored,
		Seed: p.Seed, From: p.From, To: p.To, Cutoff: p.Plan.Cutoff, Rows: p.Rows, Frauds: p.Frauds, Labels: p.Labels,
		Threshold: p.Threshold, Budget: p.Budget, Population: p.Population,
		Evaluation: registry.Evaluation{
			From: p.Plan.From, To: p.Plan.To, Rows: p.Later.Rows, Frauds: p.Later.Frauds,
			AveragePrecision: p.Later.AveragePrecision, ROCAUC: p.Later.ROCAUC, CardPrecisionAtK: p.Later.CardPrecisionAtK,
			RecallAtBudget: p.Later.RecallAtBudget, ValueDetectionRate: p.Later.ValueDetectionRate,
			Precision: p.Later.Precision, Recall: p.Later.Recall,
		},
	}
	for _, s := range p.Later.PerScenario {
		m.Evaluation.PerScenario = append(m.Evaluation.PerScenario, registry.Scenario{Name: s.Scenario, Frauds: s.Frauds, Recall: s.Recall})
	}
	return m
}
