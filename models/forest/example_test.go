package forest_test

import (
	"context"
	"fmt"

	"skimwatch/models/conformance"
	"skimwatch/models/forest"
)

func ExampleFit() {
	part := conformance.Invent(2000, 100, 1)
	model, err := forest.Fit(context.Background(), part, forest.Config{Seed: 1, Trees: 10}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	honest := []float64{1, 2, 2, 1, 0, 1}
	fast := []float64{2, 9, 2, 1, 0, 1} // nine withdrawals where two are usual
	contributions := make([]float64, len(fast))
	model.Explain(fast, contributions)
	strongest := 0
	for i, c := range contributions {
		if c > contributions[strongest] {
			strongest = i
		}
	}
	fmt.Println(model.Score(honest) < 0.1, model.Score(fast) > 0.9, model.Features()[strongest])
	// Output: true true velocity
}
