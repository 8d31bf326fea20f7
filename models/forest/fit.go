package forest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"skimwatch/models/dataset"
)

// The reasons why a part cannot be learned from. Fit wraps them with the numbers.
var (
	ErrTooFewLabels = errors.New("too few labels")
	ErrOneClass     = errors.New("only one class")
)

// Fit grows a forest. progress, when not nil, is called from several goroutines with the number of trees done.
// It refuses values that are not finite numbers, naming the feature, and parts with too few frauds or honest rows.
func Fit(ctx context.Context, part dataset.Part, cfg Config, progress func(done, total int)) (*Forest, error) {
	if err := part.Check(); err != nil {
		return nil, fmt.Errorf("fit forest: %w", err)
	}
	if err := enough(part); err != nil {
		return nil, fmt.Errorf("fit forest: %w", err)
	}
	cfg, err := cfg.withDefaults(len(part.Set.Names), runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, fmt.Errorf("fit %w", err)
	}
	table := quantize(part, cfg.Threads)
	if len(table.used) == 0 {
		return nil, fmt.Errorf("fit forest: all %d features are constant over %d rows; give it a longer history", len(part.Set.Names), len(part.Rows))
	}
	if table.doubtful, err = doubtful(ctx, part, table, cfg); err != nil {
		return nil, fmt.Errorf("fit forest: draft: %w", err)
	}
	grown, err := growAll(ctx, table, cfg, progress)
	if err != nil {
		return nil, fmt.Errorf("fit forest: %w", err)
	}
	f := &Forest{names: part.Set.Names, featureSet: part.Set.FeatureSet}
	for c, n := range part.Set.Names {
		if len(table.edges[c]) == 0 {
			f.ignored = append(f.ignored, n)
		}
	}
	for _, t := range grown {
		f.append(t)
	}
	return f, nil
}

func enough(part dataset.Part) error {
	frauds := part.Frauds()
	honest := len(part.Rows) - frauds
	switch {
	case frauds == 0 || honest == 0:
		return fmt.Errorf("%w: %d known frauds and %d honest rows; a later cut-off or more labels would help", ErrOneClass, frauds, honest)
	case frauds < MinFrauds:
		return fmt.Errorf("%w: %d known frauds, at least %d are needed; wait for more labels or take a longer window", ErrTooFewLabels, frauds, MinFrauds)
	case honest < MinHonest:
		return fmt.Errorf("%w: %d honest rows, at least %d are needed; take a longer window", ErrTooFewLabels, honest, MinHonest)
	case len(part.Set.Names) > 1<<16:
		return fmt.Errorf("%d features are more than a forest can hold (%d)", len(part.Set.Names), 1<<16)
	}
	return nil
}

// growAll grows every tree from its own random stream, so that the order in which threads take them does not matter.
func growAll(ctx context.Context, table *table, cfg Config, progress func(done, total int)) ([]flat, error) {
	grown := make([]flat, cfg.Trees)
	var next, done atomic.Int64
	var threads sync.WaitGroup
	for range min(cfg.Threads, cfg.Trees) {
		threads.Go(func() {
			for {
				tree := int(next.Add(1)) - 1
				if tree >= cfg.Trees || ctx.Err() != nil {
					return
				}
				grown[tree] = grow(table, cfg, tree)
				if n := int(done.Add(1)); progress != nil {
					progress(n, cfg.Trees)
				}
			}
		})
	}
	threads.Wait()
	return grown, ctx.Err()
}
