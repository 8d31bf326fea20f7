package forest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/sjwhitworth/golearn/base"
	"github.com/sjwhitworth/golearn/trees"
)

// rules chooses the splits of one storey of a tree for golearn's induction.
//
// golearn takes an attribute away from the children of the node that used it, and copies every attribute that is left for
// each of their rows. So the grid does not show it the features: it has one attribute per level, and a rule lays the bins of
// the feature it chose into the attribute of its level. A feature may then serve any number of times on a path, induction
// ends by itself when the levels are used up, and a view stays narrow. Nodes of one level share no row.
type rules struct {
	*tree
	at     []int32 // drawn row behind each row of the grid
	depth  int     // splits above the storey
	grid   *base.DenseInstances
	levels []level
	row    base.AttributeSpec // a grid row's own number, which views pass on
}

type level struct {
	attribute base.Attribute
	spec      base.AttributeSpec
}

// split sends the bins up to and including bin of feature to the left.
type split struct {
	feature int
	bin     uint8
}

func newRules(t *tree, at []int32, depth, levels int) *rules {
	r := &rules{tree: t, at: at, depth: depth, grid: base.NewDenseInstances(), levels: make([]level, levels)}
	for i := range r.levels {
		r.levels[i].attribute = base.NewFloatAttribute(fmt.Sprintf("level %d", i))
		r.levels[i].spec = r.grid.AddAttribute(r.levels[i].attribute)
	}
	r.row = r.grid.AddAttribute(base.NewFloatAttribute("row"))
	class := base.NewBinaryAttribute("fraud")
	fraud := r.grid.AddAttribute(class)
	if err := r.grid.AddClassAttribute(class); err != nil {
		panic(fmt.Sprintf("BUG: mark the class of a grid: %v", err))
	}
	if err := r.grid.Extend(len(at)); err != nil {
		panic(fmt.Sprintf("BUG: extend a grid to %d rows: %v", len(at), err))
	}
	answer, number := map[bool][]byte{false: {0}, true: {1}}, make([]byte, 8)
	for i, drawn := range at {
		base.PackFloatToBytesInline(float64(i), number)
		r.grid.Set(r.row, i, number)
		r.grid.Set(fraud, i, answer[t.table.y[t.rows[drawn]]])
	}
	return r
}

// GenerateSplitRule implements trees.RuleGenerator. It returns nil when no split keeps enough rows on both sides.
func (r *rules) GenerateSplitRule(view base.FixedDataGrid) *trees.DecisionTreeRule {
	attributes, size := view.Size()
	above := len(r.levels) + 2 - attributes // the view also holds the class and the row number
	cells, drawn := make([]int, size), make([]int32, size)
	for i := range cells {
		cells[i] = int(base.UnpackBytesToFloat(view.Get(r.row, i)))
		drawn[i] = r.at[cells[i]]
	}
	node := uint64(r.depth+above)<<32 | uint64(slices.Min(drawn)) // names the node, whatever the order golearn comes in
	best, ok := r.best(drawn, rand.New(rand.NewPCG(r.cfg.Seed, mix(mix(uint64(r.number))^node))))
	if !ok {
		return nil
	}
	lv, bins, value := r.levels[above], r.table.bins[best.feature], make([]byte, 8)
	for i, cell := range cells {
		base.PackFloatToBytesInline(float64(bins[r.rows[drawn[i]]]), value)
		r.grid.Set(lv.spec, cell, value)
	}
	rule := &trees.DecisionTreeRule{SplitAttr: lv.attribute, SplitVal: float64(best.bin)}
	r.chosen[rule] = best
	return rule
}

// best tries features in random order until as many as configured could be split at all, and returns the purest split.
// Counts are integers and ties go to the earlier feature of the catalogue, so the order of the rows does not matter.
func (t *tree) best(at []int32, random *rand.Rand) (split, bool) {
	features := slices.Clone(t.table.used)
	random.Shuffle(len(features), func(i, j int) { features[i], features[j] = features[j], features[i] })
	var all [2]int32
	for _, i := range at {
		all[t.class(i)]++
	}
	var best split
	purest, tried := -1.0, 0
	for _, f := range features {
		bin, purity, ok := t.bestBin(f, at, all)
		if !ok {
			continue
		}
		if purity > purest || purity == purest && f < best.feature {
			best, purest = split{f, bin}, purity
		}
		if tried++; tried == t.cfg.Features {
			break
		}
	}
	return best, tried > 0
}

// class is 1 for a drawn row that is fraud.
func (t *tree) class(drawn int32) int {
	if t.table.y[t.rows[drawn]] {
		return 1
	}
	return 0
}

// bestBin returns the split of one feature that leaves the purest halves, by the Gini index; all counts the rows by class.
func (t *tree) bestBin(feature int, at []int32, all [2]int32) (bin uint8, purity float64, ok bool) {
	bins, counts := t.table.bins[feature], &t.counts
	low, high := bins[t.rows[at[0]]], bins[t.rows[at[0]]]
	for _, i := range at {
		b := bins[t.rows[i]]
		low, high = min(low, b), max(high, b)
		counts[b][t.class(i)]++
	}
	var left [2]int32
	least := int32(t.cfg.MinLeaf)
	for b := int(low); b < int(high); b++ {
		here := counts[b]
		left[0] += here[0]
		left[1] += here[1]
		nl := left[0] + left[1]
		if here == [2]int32{} || nl < least || all[0]+all[1]-nl < least {
			continue
		}
		if p := pure(left[0], left[1]) + pure(all[0]-left[0], all[1]-left[1]); p > purity || !ok {
			bin, purity, ok = uint8(b), p, true
		}
	}
	clear(counts[low : int(high)+1])
	return bin, purity, ok
}

// pure is the number of rows times one minus their Gini impurity.
func pure(honest, fraud int32) float64 {
	h, f := float64(honest), float64(fraud)
	return (h*h + f*f) / (h + f)
}
