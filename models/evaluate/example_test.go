package evaluate_test

import (
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/models/evaluate"
)

func ExampleMeasure() {
	list := []evaluate.Scored{
		{Score: 0.9, Fraud: true, Card: "a", Amount: 40_000, Time: 1 * atm.Hour},
		{Score: 0.7, Fraud: false, Card: "b", Amount: 5_000, Time: 2 * atm.Hour},
		{Score: 0.4, Fraud: true, Card: "c", Amount: 10_000, Time: 3 * atm.Hour},
		{Score: 0.1, Fraud: false, Card: "d", Amount: 2_000, Time: 4 * atm.Hour},
	}
	m := evaluate.Measure(list, 0, 2) // two alerts, and two cards, can be looked at per day
	fmt.Printf("average precision %.3f, ROC-AUC %.2f\n", m.AveragePrecision, m.ROCAUC)
	fmt.Printf("card precision %.2f, recall %.2f, value detection %.2f\n", m.CardPrecisionAtK, m.RecallAtBudget, m.ValueDetectionRate)
	// Output:
	// average precision 0.833, ROC-AUC 0.75
	// card precision 0.50, recall 0.50, value detection 0.80
}
