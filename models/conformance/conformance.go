// Package conformance is the suite that every model passes before the registry may hold it. Call Run from its tests.
package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
)

// Model is what the suite looks at.
type Model interface {
	Score(vector []float64) float64
	Explain(vector, contributions []float64) (base float64)
	Encode() []byte
}

// Subject tells the suite how to make and reload one kind of model.
type Subject struct {
	Fit    func(part dataset.Part, seed uint64, threads int) (Model, error)
	Decode func(b []byte) (Model, error)
}

// Run puts the subject through every check on an invented data set.
func Run(t *testing.T, s Subject) {
	part := Invent(4000, 120, 1)
	model := s.fit(t, part, 1, 1)
	t.Run("same seed, any number of threads", func(t *testing.T) { s.sameSeed(t, part, model) })
	t.Run("another seed is another model", func(t *testing.T) { s.otherSeed(t, part, model) })
	t.Run("saved and loaded", func(t *testing.T) { s.reload(t, part, model) })
	t.Run("damaged bytes are refused", func(t *testing.T) { s.damage(t, model) })
	t.Run("scores within 0 and 1", func(t *testing.T) { within(t, model, len(part.Set.Names)) })
	t.Run("explanation adds up", func(t *testing.T) { addsUp(t, part, model) })
	t.Run("inputs unchanged", func(t *testing.T) { s.unchanged(t, part) })
	t.Run("learns", func(t *testing.T) { learns(t, model) })
	t.Run("refuses what is not a number", func(t *testing.T) { s.refuses(t) })
}

func (s Subject) fit(t *testing.T, part dataset.Part, seed uint64, threads int) Model {
	t.Helper()
	m, err := s.Fit(part, seed, threads)
	if err != nil {
		t.Fatalf("fit: %v", err)
	}
	return m
}

func (s Subject) sameSeed(t *testing.T, part dataset.Part, model Model) {
	for threads := 1; threads <= 4; threads++ {
		again := s.fit(t, part, 1, threads)
		if !slices.Equal(again.Encode(), model.Encode()) {
			t.Errorf("%d threads: another model than with 1 thread", threads)
		}
	}
}

func (s Subject) otherSeed(t *testing.T, part dataset.Part, model Model) {
	if slices.Equal(s.fit(t, part, 2, 2).Encode(), model.Encode()) {
		t.Error("seeds 1 and 2 gave the same model")
	}
}

func (s Subject) reload(t *testing.T, part dataset.Part, model Model) {
	loaded, err := s.Decode(model.Encode())
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	for i := range part.Rows {
		v := part.Vector(i)
		if got, want := loaded.Score(v), model.Score(v); got != want {
			t.Fatalf("row %d: loaded model scores %v, the saved one %v", i, got, want)
		}
	}
}

func (s Subject) damage(t *testing.T, model Model) {
	whole := model.Encode()
	for _, n := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
		if _, err := s.Decode(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were accepted", n, len(whole))
		}
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/97 {
		bad := slices.Clone(whole)
		bad[at] ^= 0x10
		if _, err := s.Decode(bad); err == nil {
			t.Errorf("byte %d changed, and accepted", at)
		}
	}
}

func within(t *testing.T, model Model, features int) {
	random := rand.New(rand.NewPCG(3, 3))
	v := make([]float64, features)
	for range 2000 {
		for i := range v {
			v[i] = math.Ldexp(random.Float64()-0.5, random.IntN(60)-10)
		}
		if got := model.Score(v); !(got >= 0 && got <= 1) {
			t.Fatalf("score of %v is %v", v, got)
		}
	}
}

func addsUp(t *testing.T, part dataset.Part, model Model) {
	contributions := make([]float64, len(part.Set.Names))
	for i := range contributions {
		contributions[i] = 7 // what was there before must not matter
	}
	for i := range part.Rows {
		sum := model.Explain(part.Vector(i), contributions)
		for _, c := range contributions {
			sum += c
		}
		if score := model.Score(part.Vector(i)); math.Abs(sum-score) > 1e-9 {
			t.Fatalf("row %d: base and contributions give %v, the score is %v", i, sum, score)
		}
	}
}

func (s Subject) unchanged(t *testing.T, part dataset.Part) {
	x, y, rows := slices.Clone(part.Set.X), slices.Clone(part.Y), slices.Clone(part.Rows)
	model := s.fit(t, part, 1, 2)
	model.Score(part.Vector(0))
	model.Explain(part.Vector(0), make([]float64, len(part.Set.Names)))
	if !slices.Equal(x, part.Set.X) || !slices.Equal(y, part.Y) || !slices.Equal(rows, part.Rows) {
		t.Error("fitting or scoring changed its input")
	}
}

// learns asks for what chance would give once in ages: nine of ten fresh frauds score above the middle honest row.
func learns(t *testing.T, model Model) {
	fresh := Invent(2000, 200, 9)
	var honest, fraud []float64
	for i, y := range fresh.Y {
		if s := model.Score(fresh.Vector(i)); y {
			fraud = append(fraud, s)
		} else {
			honest = append(honest, s)
		}
	}
	slices.Sort(honest)
	slices.Sort(fraud)
	if low, middle := fraud[len(fraud)/10], honest[len(honest)/2]; low <= middle {
		t.Errorf("a tenth of the frauds score at most %v, half of the honest rows at most %v", low, middle)
	}
}

func (s Subject) refuses(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		part := Invent(500, 50, 1)
		part.Set.X[7*len(part.Set.Names)+2] = bad
		if _, err := s.Fit(part, 1, 1); err == nil {
			t.Errorf("a value of %v was accepted", bad)
		}
	}
}

// Invent makes rows of which some are frauds: two features tell them apart together, one a little alone, one is constant
// and the others are noise.
func Invent(rows, frauds int, seed uint64) dataset.Part {
	random := rand.New(rand.NewPCG(seed, 5))
	set := &dataset.Set{Names: []string{"amount", "velocity", "distance", "always", "noise", "rounds"}, FeatureSet: 42}
	part := dataset.Part{Set: set}
	for i := range rows {
		fraud := i*frauds/rows != (i+1)*frauds/rows
		v := []float64{math.Exp(random.NormFloat64()), random.Float64() * 5, random.Float64() * 5, 1, random.NormFloat64(), float64(random.IntN(4))}
		if fraud {
			v[0] *= 2
			far := 5 + 5*random.Float64()
			v[1+random.IntN(2)] = far
		} else if random.IntN(30) == 0 {
			v[1] = 5 + 2*random.Float64()
		}
		t := atm.Transaction{ID: fmt.Sprintf("t%05d", i), Time: atm.Time(i) * atm.Minute, Card: fmt.Sprintf("c%d", i%97), Amount: int64(v[0] * 1000)}
		if err := set.Add(&t, v); err != nil {
			panic("BUG: " + err.Error())
		}
		part.Rows, part.Y = append(part.Rows, i), append(part.Y, fraud)
	}
	return part
}
