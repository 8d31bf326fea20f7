// Package score turns a feature vector into an answer: a model's score, the rules that hit, a decision against a threshold,
// and for alerts the reasons in words.
package score

// Model is a trained model as the engine needs it. Both methods are safe from several goroutines, do not change the vector
// and allocate nothing.
type Model interface {
	// Score returns the model's belief that the transaction is fraud, 0–1.
	Score(vector []float64) float64
	// Explain writes what each feature adds to the score, negative against fraud, to contributions, which is as long as the
	// vector, and returns the base: base plus all contributions is the score.
	Explain(vector, contributions []float64) (base float64)
}

// Version is a model in force: what a decision names.
type Version struct {
	Name      string  // such as "fraud/7"; empty when there is no model
	Threshold float64 // score from which a transaction alerts
	Model     Model   // nil when there is none: rules decide alone
}

// NoModel is in force until a first model is trained: the score is 0 unless a rule hits.
var NoModel = Version{Threshold: 0.5}
