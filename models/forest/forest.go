// Package forest is a random forest for rare fraud (Breiman, Machine Learning 45, 2001) on golearn's tree induction.
//
// golearn grows each tree (trees.InferID3Tree); this package draws the rows that a tree sees, chooses the splits as its
// trees.RuleGenerator, and compiles the grown trees into flat arrays that score without allocating. golearn's own forest is
// not used: it cannot be seeded, gives votes and not probabilities, and ranks rare fraud hardly better than chance.
package forest

import "fmt"

// Algorithm is the name under which manifests and commands know this model.
const Algorithm = "forest"

// Forest is a fitted random forest. It never changes and is safe for use by several goroutines.
type Forest struct {
	names      []string
	featureSet uint64
	ignored    []string
	roots      []uint32
	nodes      []node
	shares     []float64 // of each node: share of fraud among the rows that reached it in training
}

// node is a split, or a leaf when left is 0. A vector goes left when its value is at most the threshold; the right child
// follows the left one.
type node struct {
	threshold float64 // of a leaf: its share of fraud
	left      uint32
	feature   uint16
}

// Features are the names of the values that a vector must hold, in order. Do not change the slice.
func (f *Forest) Features() []string { return f.names }

// FeatureSet is the hash of the catalogue that the vectors follow; 0 when it was fitted on a choice of features.
func (f *Forest) FeatureSet() uint64 { return f.featureSet }

// Ignored are the features that were constant in training and therefore play no part.
func (f *Forest) Ignored() []string { return f.ignored }

// Trees is the number of trees.
func (f *Forest) Trees() int { return len(f.roots) }

// Nodes is the number of splits and leaves over all trees.
func (f *Forest) Nodes() int { return len(f.nodes) }

// Score returns how much a vector resembles fraud: the mean over the trees of the fraud share in its leaf, 0–1. Training
// drew one fraud for every few honest rows, so a score ranks and is not a probability. It does not allocate.
// The vector must hold one value per feature.
func (f *Forest) Score(vector []float64) float64 {
	f.must(len(vector))
	sum := 0.0
	for _, at := range f.roots {
		n := &f.nodes[at]
		for n.left != 0 {
			next := n.left
			if vector[n.feature] > n.threshold {
				next++
			}
			n = &f.nodes[next]
		}
		sum += n.threshold
	}
	return sum / float64(len(f.roots))
}

// Explain writes into contributions how much each feature moved the score, and returns the base from which they moved
// it: base plus all contributions is the score. A contribution is the sum over the paths of how the share of fraud changed
// at the splits on that feature (Saabas, 2014; Palczewska et al., 2013). Both slices must hold one value per feature.
func (f *Forest) Explain(vector, contributions []float64) (base float64) {
	f.must(len(vector))
	f.must(len(contributions))
	clear(contributions)
	for _, at := range f.roots {
		base += f.shares[at]
		for n := f.nodes[at]; n.left != 0; n = f.nodes[at] {
			next := n.left
			if vector[n.feature] > n.threshold {
				next++
			}
			contributions[n.feature] += f.shares[next] - f.shares[at]
			at = next
		}
	}
	trees := float64(len(f.roots))
	for i := range contributions {
		contributions[i] /= trees
	}
	return base / trees
}

func (f *Forest) must(values int) {
	if values != len(f.names) {
		panic(fmt.Sprintf("BUG: a vector of %d values meets a forest of %d features", values, len(f.names)))
	}
}
