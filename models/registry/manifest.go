package registry

import (
	"encoding/json"
	"fmt"
	"strconv"

	"skimwatch/engine/atm"
)

// Manifest says what a version is and where it comes from. It never changes once registered.
type Manifest struct {
	Version    string     `json:"version"` // such as fraud/7; set by Register
	Algorithm  string     `json:"algorithm"`
	Created    atm.Time   `json:"created"` // processing time
	Code       string     `json:"code"`    // version of the program that trained it
	FeatureSet FeatureSet `json:"feature_set"`
	Features   []string   `json:"features"`          // in catalogue order
	Ignored    []string   `json:"ignored,omitempty"` // features that were constant in training
	SHA256     string     `json:"sha256"`            // of the artifact; set by Register
	Size       int        `json:"size"`              // of the artifact in bytes; set by Register

	Seed      uint64             `json:"seed"`
	From      atm.Time           `json:"from"`   // event time of the first row the model was fitted on
	To        atm.Time           `json:"to"`     // and of the last
	Cutoff    atm.Time           `json:"cutoff"` // labels known later were not used
	Rows      int                `json:"rows"`
	Frauds    int                `json:"frauds"`
	Labels    map[atm.Source]int `json:"labels"` // labels used, by source
	Threshold float64            `json:"threshold"`
	Budget    float64            `json:"budget"` // alerts a day for which the threshold was chosen

	Evaluation Evaluation  `json:"evaluation"`
	Population []Quantiles `json:"population"` // one per feature, in catalogue order
}

// fits refuses a model whose vectors mean something else than those of the running catalogue.
func (m Manifest) fits(featureSet uint64) error {
	if uint64(m.FeatureSet) == featureSet {
		return nil
	}
	return fmt.Errorf("model %s: %w: it has %s, this program computes %s; train a new one", m.Version, ErrFeatureSet, m.FeatureSet, FeatureSet(featureSet))
}

// Evaluation is how a fit on the time before a later slice did on that slice.
type Evaluation struct {
	From               atm.Time   `json:"from"`
	To                 atm.Time   `json:"to"` // exclusive
	Rows               int        `json:"rows"`
	Frauds             int        `json:"frauds"`
	AveragePrecision   float64    `json:"average_precision"`
	ROCAUC             float64    `json:"roc_auc"`
	CardPrecisionAtK   float64    `json:"card_precision_at_k"`
	RecallAtBudget     float64    `json:"recall_at_budget"`
	ValueDetectionRate float64    `json:"value_detection_rate"`
	Precision          float64    `json:"precision"` // at the threshold
	Recall             float64    `json:"recall"`    // at the threshold
	PerScenario        []Scenario `json:"per_scenario,omitempty"`
}

// Scenario is the recall at the threshold for one kind of fraud.
type Scenario struct {
	Name   string  `json:"scenario"`
	Frauds int     `json:"frauds"`
	Recall float64 `json:"recall"`
}

// Quantiles say what is usual for a feature among the rows of training: the 5th, 50th and 95th of a hundred.
type Quantiles struct {
	Feature string  `json:"feature"`
	P5      float64 `json:"p5"`
	P50     float64 `json:"p50"`
	P95     float64 `json:"p95"`
}

// FeatureSet is the hash of a catalogue, 16 hexadecimal digits in JSON, as many programs lose digits of such numbers.
type FeatureSet uint64

// String formats the hash as 16 hexadecimal digits.
func (f FeatureSet) String() string { return fmt.Sprintf("%016x", uint64(f)) }

// MarshalJSON writes the hash as a string.
func (f FeatureSet) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *FeatureSet) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("feature set %s: %w", b, err)
	}
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil {
		return fmt.Errorf("feature set %q: %w", s, err)
	}
	*f = FeatureSet(n)
	return nil
}
