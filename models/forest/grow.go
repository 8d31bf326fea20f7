package forest

import (
	"math/rand/v2"

	"github.com/sjwhitworth/golearn/trees"
)

// grow draws the rows of one tree, lets golearn induce it and compiles the result.
func grow(table *table, cfg Config, tree int) flat {
	rows := draw(table, cfg, rand.New(rand.NewPCG(cfg.Seed, mix(uint64(tree)))))
	rules := newRules(table, cfg, tree, rows)
	root := trees.InferID3Tree(rules.grid, rules)
	return rules.compile(root)
}

// draw returns a bootstrap sample of the frauds, and for each of them several honest rows, all with replacement (the
// balanced random forest of Chen, Liaw and Breiman, 2004, with a milder ratio).
func draw(table *table, cfg Config, random *rand.Rand) []int32 {
	frauds := min(len(table.frauds), cfg.Positives)
	honest := min(frauds*cfg.Negatives, len(table.honest))
	rows := make([]int32, 0, frauds+honest)
	for range frauds {
		rows = append(rows, table.frauds[random.IntN(len(table.frauds))])
	}
	for range honest {
		rows = append(rows, table.honest[random.IntN(len(table.honest))])
	}
	return rows
}

// mix spreads the bits of x (SplitMix64, Steele et al., 2014), so that neighbouring numbers give unrelated streams.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
