package dashboards

import "skimwatch/engine/atm"

// Range is where values usually lie.
type Range struct {
	Low, Median, High float64 // 5th, 50th and 95th percentile
	Count             int64   // values it was taken from
}

// FeatureText explains a feature to a person.
type FeatureText struct {
	Name    string
	Meaning string // short noun phrase, such as "withdrawals in the last 10 minutes"
	Unit    string // count, ratio, minor (money), km, km/h, seconds, hours, bool, …; empty: a plain number
	Entity  string // card, atm, bin or transaction
}

// Metric is one figure of an evaluation.
type Metric struct {
	Name  string // as evaluate prints it: average_precision, roc_auc, …
	Value float64
}

// Importance is how much a model leans on a feature.
type Importance struct {
	Feature string
	Share   float64 // 0–1
}

// ScenarioRecall is how much of one kind of fraud an evaluation found.
type ScenarioRecall struct {
	Name   string // as the simulator names it
	Frauds int
	Recall float64 // at the threshold
}

// Model is one version in the registry.
type Model struct {
	Version     string // such as "fraud/7"
	Algorithm   string
	Champion    bool
	Challenger  bool
	Created     atm.Time // processing time
	FeatureSet  string   // hash of the catalogue, hexadecimal
	Threshold   float64
	Seed        uint64
	From, Until atm.Time // event times of the data it was fitted on
	LabelCutoff atm.Time // labels known at or before this were used
	Rows        int64
	Frauds      int64
	Metrics     []Metric         // on a later time slice
	Population  map[string]Range // per feature, over the training rows
	Importance  []Importance     // largest first
	Scenarios   []ScenarioRecall // of the evaluation
	Code        string           // version of the program that trained it
}
