package forest

import (
	"math/rand/v2"

	"github.com/sjwhitworth/golearn/trees"
)

// tree is one tree while it grows.
type tree struct {
	table  *table
	cfg    Config
	number int
	rows   []int32 // drawn rows of the table; a row may stand here several times
	chosen map[*trees.DecisionTreeRule]split
	counts [maxBins][2]int32 // scratch of the split search: rows by bin and class, all zero between searches
}

// grow draws the rows of one tree, lets golearn induce it and compiles the result.
func grow(table *table, cfg Config, number int) flat {
	t := &tree{table: table, cfg: cfg, number: number, chosen: map[*trees.DecisionTreeRule]split{}}
	t.rows = draw(table, cfg, rand.New(rand.NewPCG(cfg.Seed, mix(uint64(number)))))
	at := make([]int32, len(t.rows))
	for i := range at {
		at[i] = int32(i)
	}
	return t.compile(t.induce(at, 0))
}

// storey is how many levels golearn induces at once. Its views look a row up through one map per level above them, and copy
// every attribute that is left, so a deep tree in one piece costs many times as much.
const storey = 3

// induce grows the subtree over the drawn rows `at`, which stand below depth splits, storey upon storey.
func (t *tree) induce(at []int32, depth int) *trees.DecisionTreeNode {
	levels := min(storey, t.cfg.Depth-depth)
	r := newRules(t, at, depth, levels)
	root := trees.InferID3Tree(r.grid, r)
	if depth+levels == t.cfg.Depth {
		return root
	}
	for leaf, rows := range t.leaves(root, at) {
		if len(leaf.ClassDist) > 1 && len(rows) >= 2*t.cfg.MinLeaf {
			*leaf = *t.induce(rows, depth+levels)
		}
	}
	return root
}

// leaves sends rows down a tree and returns those that reach each leaf.
func (t *tree) leaves(root *trees.DecisionTreeNode, at []int32) map[*trees.DecisionTreeNode][]int32 {
	reach := map[*trees.DecisionTreeNode][]int32{}
	for _, i := range at {
		n := root
		for n.Children != nil {
			s := t.chosen[n.SplitRule]
			n = n.Children[side(t.table.bins[s.feature][t.rows[i]] > s.bin)]
		}
		reach[n] = append(reach[n], i)
	}
	return reach
}

// side is golearn's name of the child at most and above the split value.
func side(above bool) string {
	if above {
		return "1"
	}
	return "0"
}

// draw returns a bootstrap sample of the frauds, and for each of them several honest rows, all with replacement (the
// balanced random forest of Chen, Liaw and Breiman, 2004, with a milder ratio), many of the latter from the doubtful ones.
func draw(table *table, cfg Config, random *rand.Rand) []int32 {
	frauds := min(len(table.frauds), cfg.Positives)
	honest := min(frauds*cfg.Negatives, len(table.honest))
	rows := make([]int32, 0, frauds+honest)
	for range frauds {
		rows = append(rows, table.frauds[random.IntN(len(table.frauds))])
	}
	for i := range honest {
		from := table.honest
		if len(table.doubtful) > 0 && i%doubtfulDrawn == 1 {
			from = table.doubtful
		}
		rows = append(rows, from[random.IntN(len(from))])
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
