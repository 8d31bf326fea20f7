package evaluate

import (
	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
)

// Metrics are the figures that are the same for every model, in the names of the command line.
type Metrics struct {
	AveragePrecision   float64 `json:"average_precision"`
	ROCAUC             float64 `json:"roc_auc"`
	CardPrecisionAtK   float64 `json:"card_precision_at_k"`
	RecallAtBudget     float64 `json:"recall_at_budget"`
	ValueDetectionRate float64 `json:"value_detection_rate"` // at the budget
}

// Measure computes all metrics. from is where the first day begins, budget the alerts, and cards, looked at per day.
func Measure(list []Scored, from atm.Time, budget int) Metrics {
	b := AtBudget(list, from, budget)
	return Metrics{
		AveragePrecision:   AveragePrecision(list),
		ROCAUC:             ROCAUC(list),
		CardPrecisionAtK:   CardPrecision(list, from, budget),
		RecallAtBudget:     b.Recall,
		ValueDetectionRate: b.ValueDetection,
	}
}

// Scorer gives a vector a score, 0–1.
type Scorer interface {
	Score(vector []float64) float64
}

// Score runs a model over a part.
func Score(part dataset.Part, model Scorer) []Scored {
	list := make([]Scored, len(part.Rows))
	for i, row := range part.Rows {
		list[i] = Scored{
			Score: model.Score(part.Set.Vector(row)), Fraud: part.Y[i], Time: part.Set.Time[row],
			Card: part.Set.Card[row], Amount: part.Set.Amount[row], Scenario: part.Set.Scenario[row],
		}
	}
	return list
}

// Mean averages metrics over folds; zero for none.
func Mean(folds []Metrics) Metrics {
	var m Metrics
	n := float64(len(folds))
	for _, f := range folds {
		m.AveragePrecision += f.AveragePrecision / n
		m.ROCAUC += f.ROCAUC / n
		m.CardPrecisionAtK += f.CardPrecisionAtK / n
		m.RecallAtBudget += f.RecallAtBudget / n
		m.ValueDetectionRate += f.ValueDetectionRate / n
	}
	return m
}
