package forest

import (
	"cmp"
	"slices"
	"sync"

	"skimwatch/models/dataset"
)

// maxBins is the most distinct values of a feature that splits can tell apart.
const maxBins = 256

// edgeSample is the most honest rows from which the bin edges of a feature are taken.
const edgeSample = 50_000

// table is a part in the form that splits are searched in: per feature the bin of every row.
type table struct {
	edges  [][]float64 // per feature, ascending; bin b holds the values in (edges[b-1], edges[b]]
	bins   [][]uint8   // per feature, per row of the part
	used   []int       // features that are not constant
	frauds []int32     // rows of the part
	honest []int32

	doubtful []int32 // honest rows that look like fraud; empty while they are not known
	y        []bool
}

func quantize(part dataset.Part, threads int) *table {
	t := &table{
		edges: make([][]float64, len(part.Set.Names)),
		bins:  make([][]uint8, len(part.Set.Names)),
		y:     part.Y,
	}
	for i, y := range part.Y {
		if y {
			t.frauds = append(t.frauds, int32(i))
		} else {
			t.honest = append(t.honest, int32(i))
		}
	}
	t.eachColumn(threads, func(c int) {
		t.edges[c] = t.edgesOf(part, c)
		t.bins[c] = binColumn(part, c, t.edges[c])
	})
	for c, e := range t.edges {
		if len(e) > 0 {
			t.used = append(t.used, c)
		}
	}
	return t
}

func (t *table) eachColumn(threads int, do func(column int)) {
	columns := make(chan int, len(t.edges))
	for c := range t.edges {
		columns <- c
	}
	close(columns)
	var wait sync.WaitGroup
	for range threads {
		wait.Go(func() {
			for c := range columns {
				do(c)
			}
		})
	}
	wait.Wait()
}

type weighted struct{ value, weight float64 }

// edgesOf cuts a feature into bins of equal weight, where all frauds together weigh as much as all honest rows. Bins of
// equal count would merge the rare values where fraud lives with honest ones.
func (t *table) edgesOf(part dataset.Part, column int) []float64 {
	stride := (len(t.honest) + edgeSample - 1) / edgeSample
	values := make([]weighted, 0, len(t.frauds)+len(t.honest)/stride+1)
	for _, row := range t.frauds {
		values = append(values, weighted{part.Vector(int(row))[column], 0.5 / float64(len(t.frauds))})
	}
	sampled := (len(t.honest) + stride - 1) / stride
	for i := 0; i < len(t.honest); i += stride {
		values = append(values, weighted{part.Vector(int(t.honest[i]))[column], 0.5 / float64(sampled)})
	}
	slices.SortFunc(values, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.weight, b.weight))
	})
	return cut(values)
}

// cut places an edge between two distinct neighbours whenever a bin's worth of weight has gone by. A feature with few
// distinct values gets an edge between any two.
func cut(values []weighted) []float64 {
	distinct := 1
	for i := 1; i < len(values); i++ {
		if values[i].value != values[i-1].value {
			distinct++
		}
	}
	share := 1.0 / maxBins
	if distinct <= maxBins {
		share = 0
	}
	var edges []float64
	gone := 0.0
	for i := 0; i+1 < len(values) && len(edges) < maxBins-1; i++ {
		gone += values[i].weight
		if values[i].value == values[i+1].value || gone < share {
			continue
		}
		edges = append(edges, between(values[i].value, values[i+1].value))
		gone = 0
	}
	return edges
}

// between returns a number e with a ≤ e < b.
func between(a, b float64) float64 {
	if e := a/2 + b/2; a <= e && e < b {
		return e
	}
	return a
}

func binColumn(part dataset.Part, column int, edges []float64) []uint8 {
	bins := make([]uint8, len(part.Rows))
	if len(edges) == 0 {
		return bins
	}
	for i := range part.Rows {
		b, _ := slices.BinarySearch(edges, part.Vector(i)[column])
		bins[i] = uint8(b)
	}
	return bins
}
