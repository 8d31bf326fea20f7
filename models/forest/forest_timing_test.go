package forest_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/models/forest"
)

// history is the size of the demo's: 150,000 rows of 40 features with 500 frauds that three features tell.
func history() dataset.Part {
	random := rand.New(rand.NewPCG(1, 1))
	set := &dataset.Set{}
	for i := range 40 {
		set.Names = append(set.Names, fmt.Sprintf("f%d", i))
	}
	part := dataset.Part{Set: set}
	for i := range 150_000 {
		v := make([]float64, 40)
		for c := range v {
			v[c] = math.Exp(random.NormFloat64())
		}
		if i%300 == 0 {
			v[random.IntN(3)] += 3
			v[4] *= 2
		}
		if err := set.Add(&atm.Transaction{}, v); err != nil {
			panic(err)
		}
		part.Rows, part.Y = append(part.Rows, i), append(part.Y, i%300 == 0)
	}
	return part
}

func BenchmarkFit(b *testing.B) {
	part := history()
	for b.Loop() {
		if _, err := forest.Fit(context.Background(), part, forest.Config{Seed: 1, Threads: 1}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	part := history()
	f, err := forest.Fit(context.Background(), part, forest.Config{Seed: 1}, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("score", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			f.Score(part.Vector(i % len(part.Rows)))
		}
	})
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		contributions := make([]float64, 40)
		for i := 0; b.Loop(); i++ {
			f.Explain(part.Vector(i%len(part.Rows)), contributions)
		}
	})
}
