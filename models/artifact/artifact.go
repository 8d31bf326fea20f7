// Package artifact turns the bytes that the registry keeps into a model that scores.
package artifact

import (
	"fmt"
	"strings"

	"skimwatch/engine/score"
	"skimwatch/models/forest"
)

// Model scores vectors and explains the scores. Encode gives the bytes from which Load makes an equal model.
type Model interface {
	score.Model
	Features() []string
	FeatureSet() uint64
	Encode() []byte
}

var _ Model = (*forest.Forest)(nil)

// Algorithms are the names of the kinds of model there are.
func Algorithms() []string { return []string{forest.Algorithm} }

// Load makes a model of an artifact, whatever its algorithm. Damaged bytes give an error and no model.
func Load(b []byte) (Model, error) {
	switch {
	case strings.HasPrefix(string(b[:min(len(b), 16)]), forest.Magic[:7]):
		f, err := forest.Decode(b)
		if err != nil {
			return nil, fmt.Errorf("load model: %w", err)
		}
		return f, nil
	}
	return nil, fmt.Errorf("load model: %d bytes that begin with %q are no model of this program", len(b), b[:min(len(b), 8)])
}
