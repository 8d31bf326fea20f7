package forest_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/models/conformance"
	"skimwatch/models/dataset"
	"skimwatch/models/forest"
)

func small(seed uint64, threads int) forest.Config {
	return forest.Config{Seed: seed, Threads: threads, Trees: 8, Depth: 6}
}

func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Subject{
		Fit: func(part dataset.Part, seed uint64, threads int) (conformance.Model, error) {
			return forest.Fit(context.Background(), part, small(seed, threads), nil)
		},
		Decode: func(b []byte) (conformance.Model, error) { return forest.Decode(b) },
	})
}

func fit(t *testing.T, part dataset.Part, cfg forest.Config) *forest.Forest {
	t.Helper()
	f, err := forest.Fit(context.Background(), part, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFitReportsConstantFeatures(t *testing.T) {
	f := fit(t, conformance.Invent(1000, 60, 1), small(1, 2))
	if got := strings.Join(f.Ignored(), ","); got != "always" {
		t.Errorf("ignored %q, want the constant feature", got)
	}
}

func TestFitFindsOneThreshold(t *testing.T) {
	part := table(400, func(i int) ([]float64, bool) { return []float64{float64(i % 40), 3}, i%40 >= 36 })
	f := fit(t, part, small(1, 1))
	for x, want := range map[float64]float64{35: 0, 36: 1, 35.49: 0, 35.51: 1, -1e300: 0, 1e300: 1} {
		if got := f.Score([]float64{x, 3}); got != want {
			t.Errorf("score of %v is %v, want %v", x, got, want)
		}
	}
}

func TestFeatureMayServeTwiceOnAPath(t *testing.T) {
	part := table(900, func(i int) ([]float64, bool) { x := i % 90; return []float64{float64(x), 1}, x/10%4 == 1 })
	f := fit(t, part, small(1, 1))
	for x, want := range map[float64]bool{5: false, 15: true, 25: false, 35: false, 45: false, 55: true, 65: false, 85: false} {
		if got := f.Score([]float64{x, 1}) > 0.5; got != want {
			t.Errorf("x=%v: fraud %v, want %v", x, got, want)
		}
	}
}

func TestFitRefuses(t *testing.T) {
	f := func(part dataset.Part, cfg forest.Config, want error, words string) {
		t.Helper()
		_, err := forest.Fit(context.Background(), part, cfg, nil)
		if err == nil {
			t.Fatalf("fitted, want an error about %q", words)
		}
		if want != nil && !errors.Is(err, want) || !strings.Contains(err.Error(), words) {
			t.Errorf("error %q, want %v with %q in it", err, want, words)
		}
	}
	one := func(rows, frauds int) dataset.Part {
		return table(rows, func(i int) ([]float64, bool) { return []float64{float64(i), 1}, i < frauds })
	}

	// labels
	f(one(200, 0), small(1, 1), forest.ErrOneClass, "0 known frauds")
	f(one(200, 200), small(1, 1), forest.ErrOneClass, "0 honest rows")
	f(one(200, 9), small(1, 1), forest.ErrTooFewLabels, "9 known frauds, at least 10")
	f(one(110, 30), small(1, 1), forest.ErrTooFewLabels, "80 honest rows, at least 100")

	// values
	bad := one(200, 30)
	bad.Set.X[11] = math.NaN()
	f(bad, small(1, 1), nil, `feature "b" of transaction "t" is NaN`)
	f(table(200, func(i int) ([]float64, bool) { return []float64{1, 2}, i < 30 }), small(1, 1), nil, "all 2 features are constant")

	// configuration
	f(one(200, 30), forest.Config{Trees: -1}, nil, "-1 trees")
	f(one(200, 30), forest.Config{Depth: 1000}, nil, "1000 depth")

	// cancelled
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := forest.Fit(ctx, one(200, 30), small(1, 1), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled fit gave %v", err)
	}
}

func TestProgressCountsEveryTree(t *testing.T) {
	most := 0
	_, err := forest.Fit(context.Background(), conformance.Invent(1000, 60, 1), small(1, 1), func(done, total int) {
		if done != most+1 || total != 8 {
			t.Errorf("progress %d of %d after %d", done, total, most)
		}
		most = done
	})
	if err != nil || most != 8 {
		t.Errorf("%d trees reported, error %v", most, err)
	}
}

func TestScoreDoesNotAllocate(t *testing.T) {
	part := conformance.Invent(1000, 60, 1)
	f, contributions := fit(t, part, small(1, 1)), make([]float64, 6)
	n := testing.AllocsPerRun(100, func() {
		f.Score(part.Vector(3))
		f.Explain(part.Vector(3), contributions)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecode(f *testing.F) {
	part := conformance.Invent(600, 60, 1)
	model, err := forest.Fit(context.Background(), part, forest.Config{Seed: 1, Trees: 2, Depth: 3}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(model.Encode())
	f.Add([]byte(forest.Magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, candidate := range [][]byte{b, forest.Seal(b)} {
			m, err := forest.Decode(candidate)
			if err != nil {
				if !errors.Is(err, forest.ErrCorrupt) {
					t.Errorf("error %v does not wrap ErrCorrupt", err)
				}
				continue
			}
			if s := m.Score(make([]float64, len(m.Features()))); !(s >= 0 && s <= 1) {
				t.Errorf("score %v", s)
			}
		}
	})
}

// table makes a part with two features, "a" and "b".
func table(rows int, row func(i int) ([]float64, bool)) dataset.Part {
	set := &dataset.Set{Names: []string{"a", "b"}}
	part := dataset.Part{Set: set}
	for i := range rows {
		v, fraud := row(i)
		if err := set.Add(&atm.Transaction{ID: "t"}, v); err != nil {
			panic(err)
		}
		part.Rows, part.Y = append(part.Rows, i), append(part.Y, fraud)
	}
	return part
}
