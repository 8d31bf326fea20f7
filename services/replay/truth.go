package replay

import (
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/models/evaluate"
	"skimwatch/services/internal/file"
)

// Truth compares answers with labels.
type Truth struct {
	frauds map[string]string // transaction → scenario
	labels int
	seen   int // labelled frauds that were among the transactions
	scored []evaluate.Scored
}

// Told is how well the answers fit the labels. Duplicates are left out.
type Told struct {
	Frauds           int // labelled frauds among the transactions
	Elsewhere        int // labelled frauds that were not
	Alerts           int
	Precision        float64 // share of the alerts that are fraud
	Recall           float64 // share of the frauds that alerted
	AveragePrecision float64
}

// ReadTruth reads a file of labels. A transaction is fraud if the label known last says so; one without label is honest.
func ReadTruth(path string) (*Truth, error) {
	t := &Truth{frauds: map[string]string{}}
	known := map[string]atm.Time{}
	err := file.Labels(path, func(l atm.Label) error {
		t.labels++
		if at, ok := known[l.Transaction]; ok && l.KnownAt < at {
			return nil
		}
		known[l.Transaction] = l.KnownAt
		if delete(t.frauds, l.Transaction); l.Fraud {
			t.frauds[l.Transaction] = l.Scenario
		}
		return nil
	}, nil)
	if err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	return t, nil
}

// See takes in one answer.
func (t *Truth) See(s *atm.Score) {
	if s.Flags&atm.Duplicate != 0 {
		return
	}
	scenario, fraud := t.frauds[s.Transaction.ID]
	if fraud {
		t.seen++
	}
	t.scored = append(t.scored, evaluate.Scored{Score: s.Score, Fraud: fraud, Time: s.Transaction.Time, Amount: s.Transaction.Amount, Scenario: scenario})
}

// Tell measures what was seen at a threshold.
func (t *Truth) Tell(threshold float64) Told {
	p := evaluate.At(t.scored, threshold)
	return Told{
		Frauds: t.seen, Elsewhere: len(t.frauds) - t.seen, Alerts: p.Alerts,
		Precision: p.Precision, Recall: p.Recall, AveragePrecision: evaluate.AveragePrecision(t.scored),
	}
}
