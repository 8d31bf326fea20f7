package train

import (
	"skimwatch/models/dataset"
	"skimwatch/models/evaluate"
)

// Verdict says how the new model does beside the champion.
type Verdict string

// The verdicts. A slice that the champion has learned from, or with few frauds, cannot tell.
const (
	Better  Verdict = "better"
	Worse   Verdict = "worse"
	Unclear Verdict = "unclear"
)

// Comparison is the champion on the part of the later slice that it was not fitted on, beside the new model there.
type Comparison struct {
	Version  string    `json:"version"`
	Verdict  Verdict   `json:"verdict"`
	Rows     int       `json:"rows"`
	Frauds   int       `json:"frauds"`
	Champion Judgement `json:"champion"`
	New      Judgement `json:"new"`
}

// fewest frauds on which a verdict is based.
const telling = 20

// compare returns nil when there is no champion.
func compare(set *dataset.Set, trial evaluate.Scorer, champion *Reference, r Report, p Plan) *Comparison {
	if champion == nil {
		return nil
	}
	unseen := dataset.Part{Set: set}
	later := p.later(set)
	for i, row := range later.Rows {
		if set.Time[row] > champion.FittedTo {
			unseen.Rows, unseen.Y = append(unseen.Rows, row), append(unseen.Y, later.Y[i])
		}
	}
	c := &Comparison{Version: champion.Version, Rows: len(unseen.Rows), Frauds: unseen.Frauds()}
	c.Champion = judge(evaluate.Score(unseen, champion.Model), p, champion.Threshold, r.Budget)
	c.New = judge(evaluate.Score(unseen, trial), p, r.Threshold, r.Budget)
	c.Verdict = verdict(c)
	return c
}

// verdict asks for a better ranking that does not cost recall at the budget.
func verdict(c *Comparison) Verdict {
	ap := c.New.AveragePrecision - c.Champion.AveragePrecision
	recall := c.New.RecallAtBudget - c.Champion.RecallAtBudget
	switch {
	case c.Frauds < telling || c.Rows == c.Frauds:
		return Unclear
	case ap >= 0 && recall >= 0:
		return Better
	case ap <= 0 && recall <= 0:
		return Worse
	}
	return Unclear
}
