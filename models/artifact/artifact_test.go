package artifact_test

import (
	"context"
	"errors"
	"testing"

	"skimwatch/models/artifact"
	"skimwatch/models/conformance"
	"skimwatch/models/forest"
)

func TestLoad(t *testing.T) {
	part := conformance.Invent(600, 60, 1)
	fitted, err := forest.Fit(context.Background(), part, forest.Config{Seed: 1, Trees: 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	model, err := artifact.Load(fitted.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := model.Score(part.Vector(5)), fitted.Score(part.Vector(5)); got != want || model.FeatureSet() != 42 {
		t.Errorf("score %v, want %v; feature set %d", got, want, model.FeatureSet())
	}
	if _, err := artifact.Load(fitted.Encode()[:90]); !errors.Is(err, forest.ErrCorrupt) {
		t.Errorf("a cut artifact gave %v", err)
	}
	for _, b := range []string{"", "x", "something else entirely"} {
		if m, err := artifact.Load([]byte(b)); err == nil || m != nil {
			t.Errorf("%q was loaded", b)
		}
	}
}
