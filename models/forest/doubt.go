package forest

import (
	"cmp"
	"context"
	"slices"

	"skimwatch/models/dataset"
)

// What the draft is, and how much the trees dwell on what it found.
const (
	draftTrees     = 12
	draftDepth     = 8
	draftNegatives = 10
	doubtfulTenths = 1 // of the honest rows: those that count as doubtful
	doubtfulDrawn  = 2 // every second honest row is drawn from them
)

// doubtful grows a small first forest and returns the honest rows that it finds most like fraud, the worst first. Trees that
// draw half of their honest rows from these learn the border where false alarms come from; most honest rows are far from it
// and teach nothing. On simulated histories this is worth a tenth of average precision, more than five times as many rows.
func doubtful(ctx context.Context, part dataset.Part, table *table, cfg Config) ([]int32, error) {
	cfg.Trees, cfg.Depth, cfg.Negatives, cfg.Seed = draftTrees, min(cfg.Depth, draftDepth), min(cfg.Negatives, draftNegatives), mix(cfg.Seed)
	grown, err := growAll(ctx, table, cfg, nil)
	if err != nil {
		return nil, err
	}
	draft := &Forest{names: part.Set.Names}
	for _, t := range grown {
		draft.append(t)
	}
	scores := make([]float64, len(part.Rows))
	for _, row := range table.honest {
		scores[row] = draft.Score(part.Vector(int(row)))
	}
	rows := slices.Clone(table.honest)
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	return rows[:max(1, len(rows)*doubtfulTenths/10)], nil
}
