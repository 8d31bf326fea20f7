package trainer

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"skimwatch/engine/atm"
	"skimwatch/models/evaluate"
	"skimwatch/models/forest"
	"skimwatch/models/registry"
	"skimwatch/models/train"
)

// trainReport is the report for programs.
type trainReport struct {
	Version    string             `json:"version,omitempty"` // in the registry
	Role       registry.Alias     `json:"role,omitempty"`
	Algorithm  string             `json:"algorithm"`
	Seed       uint64             `json:"seed"`
	Cutoff     atm.Time           `json:"cutoff"`
	Rows       int                `json:"rows"`
	Frauds     int                `json:"frauds"`
	Features   int                `json:"features"`
	Ignored    []string           `json:"ignored"`
	Trees      int                `json:"trees"`
	CPUSeconds float64            `json:"cpu_seconds"`
	Labels     map[atm.Source]int `json:"labels"`          // known at the cut-off, by source
	Deciding   map[atm.Source]int `json:"labels_deciding"` // those that decided about a row of the fit
	Threshold  float64            `json:"threshold"`
	Budget     float64            `json:"budget"`
	evaluate.Metrics
	Precision float64           `json:"precision"`
	Recall    float64           `json:"recall"`
	Later     train.Judgement   `json:"later"`
	From      atm.Time          `json:"later_from"`
	To        atm.Time          `json:"later_to"`
	Champion  *train.Comparison `json:"champion,omitempty"`
}

func newTrainReport(o *Outcome) trainReport {
	r := o.Report
	ignored := r.Ignored
	if ignored == nil {
		ignored = []string{}
	}
	return trainReport{
		Version: o.Manifest.Version, Role: o.Role, Algorithm: forest.Algorithm, Seed: r.Seed, Cutoff: r.Plan.Cutoff,
		Rows: r.Rows, Frauds: r.Frauds, Features: len(r.Features), Ignored: ignored, Trees: r.Trees, CPUSeconds: r.CPUSeconds,
		Labels: r.Known, Deciding: r.Labels, Threshold: r.Threshold, Budget: r.Budget, Metrics: r.Later.Metrics,
		Precision: r.Later.Precision, Recall: r.Later.Recall, Later: r.Later, From: r.Plan.From, To: r.Plan.To, Champion: r.Champion,
	}
}

func writeTrainReport(w io.Writer, o *Outcome) error {
	r := o.Report
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("model", "%s of %d trees, seed %d, %.1f CPU seconds", forest.Algorithm, r.Trees, r.Seed, r.CPUSeconds)
	row("fitted on", "%d transactions with %d known frauds, %s to %s", r.Rows, r.Frauds, minute(r.From), minute(r.To))
	row("labels", "known: %s", labelsInWords(r.Known))
	row("", "decide about a row: %s", labelsInWords(r.Labels))
	row("features", "%d%s", len(r.Features), ignoredInWords(r.Ignored))
	row("judged on", "%d transactions with %d frauds: %s", r.Later.Rows, r.Later.Frauds, r.Plan)
	row("threshold", "%.4f, which gives %.1f alerts a day", r.Threshold, r.Later.AlertsPerDay)
	row("precision", "%.3f at the threshold", r.Later.Precision)
	row("recall", "%.3f at the threshold", r.Later.Recall)
	writeMetrics(row, r.Later.Metrics)
	for _, s := range r.Later.PerScenario {
		row("  "+s.Scenario, "%d of %d frauds alert", s.Caught, s.Frauds)
	}
	row("champion", "%s", comparisonInWords(r.Champion))
	if o.Role != "" {
		row("registered", "%s, now the %s", o.Manifest.Version, o.Role)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func writeMetrics(row func(name, format string, args ...any), m evaluate.Metrics) {
	row("average precision", "%.4f", m.AveragePrecision)
	row("ROC-AUC", "%.4f", m.ROCAUC)
	row("card precision at k", "%.4f", m.CardPrecisionAtK)
	row("recall at budget", "%.4f", m.RecallAtBudget)
	row("value detection rate", "%.4f", m.ValueDetectionRate)
}

// minute shows a time to the minute.
func minute(t atm.Time) string { return t.Std().Format("2006-01-02 15:04") }

func labelsInWords(labels map[atm.Source]int) string {
	var words []string
	for _, source := range slices.Sorted(maps.Keys(labels)) {
		words = append(words, fmt.Sprintf("%d by %s", labels[source], source))
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

func ignoredInWords(ignored []string) string {
	if len(ignored) == 0 {
		return ""
	}
	return fmt.Sprintf(", of which %d are constant and play no part: %s", len(ignored), strings.Join(ignored, ", "))
}

func comparisonInWords(c *train.Comparison) string {
	if c == nil {
		return "none with this feature set to compare with"
	}
	if c.Rows == 0 {
		return c.Version + " has learned from all of the later slice: no comparison is fair"
	}
	return fmt.Sprintf("the new model is %s than %s on %d transactions with %d frauds that neither has seen: average precision %.4f against %.4f, recall at budget %.4f against %.4f",
		inWords(c.Verdict), c.Version, c.Rows, c.Frauds, c.New.AveragePrecision, c.Champion.AveragePrecision, c.New.RecallAtBudget, c.Champion.RecallAtBudget)
}

func inWords(v train.Verdict) string {
	if v == train.Unclear {
		return "neither clearly better nor worse"
	}
	return string(v)
}
