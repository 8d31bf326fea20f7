package forest

import (
	"fmt"
	"math"
)

// Config says how a forest is grown. The zero value of each field but Seed means its default.
type Config struct {
	Seed      uint64 // same seed, same rows: same forest, whatever Threads is
	Trees     int    // default 50
	Depth     int    // most splits from root to leaf; default 12
	MinLeaf   int    // fewest drawn rows in a leaf; default 1
	Negatives int    // honest rows drawn per fraud for each tree; default 20
	Positives int    // most frauds drawn per tree; default 4000
	Features  int    // features tried at each split; default the square root of their number
	Threads   int    // trees grown at once; default GOMAXPROCS
}

// MinFrauds and MinHonest are the fewest known frauds and honest rows that a forest can be fitted on.
const (
	MinFrauds = 10
	MinHonest = 100
)

func (c Config) withDefaults(features, processors int) (Config, error) {
	for _, f := range []struct {
		name        string
		value       *int
		preset, max int
	}{
		{"trees", &c.Trees, 50, 10_000},
		{"depth", &c.Depth, 12, 64},
		{"min leaf", &c.MinLeaf, 1, 1 << 30},
		{"negatives", &c.Negatives, 20, 10_000},
		{"positives", &c.Positives, 4000, 1 << 24},
		{"features", &c.Features, int(math.Ceil(math.Sqrt(float64(features)))), 1 << 16},
		{"threads", &c.Threads, processors, 1 << 16},
	} {
		if *f.value == 0 {
			*f.value = f.preset
		}
		if *f.value < 1 || *f.value > f.max {
			return c, fmt.Errorf("forest with %d %s: must be from 1 to %d", *f.value, f.name, f.max)
		}
	}
	c.Features = min(c.Features, features)
	return c, nil
}
