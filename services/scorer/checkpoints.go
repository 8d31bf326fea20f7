package scorer

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Blobs is where checkpoints are kept.
type Blobs interface {
	Get(ctx context.Context, name string) ([]byte, error)
	Put(ctx context.Context, name string, b []byte) error
	List(ctx context.Context, prefix string) ([]string, error)
	Delete(ctx context.Context, name string) error
}

// kept is how many checkpoints of a partition stay: the newest, and the one before in case it is torn.
const kept = 2

// Checkpoints stores the checkpoints of one group. Each owner of a partition writes under an epoch of its own, higher than
// that of every owner before, so that one who has lost the partition and does not know it cannot overrule its successor.
type Checkpoints struct {
	Blobs Blobs
	Group string
}

func (c Checkpoints) folder(topic string, partition int) string {
	return fmt.Sprintf("checkpoints/%s/%s/%04d/", c.Group, topic, partition)
}

// list names the checkpoints of a partition, the newest last.
func (c Checkpoints) list(ctx context.Context, topic string, partition int) ([]string, error) {
	names, err := c.Blobs.List(ctx, c.folder(topic, partition))
	if err != nil {
		return nil, fmt.Errorf("list checkpoints of %s/%d: %w", topic, partition, err)
	}
	return names, nil
}

// put stores a checkpoint and drops those that are older than the kept ones.
func (c Checkpoints) put(ctx context.Context, topic string, partition int, epoch, offset int64, b []byte) error {
	if err := c.Blobs.Put(ctx, fmt.Sprintf("%s%010d-%020d", c.folder(topic, partition), epoch, offset), b); err != nil {
		return err
	}
	names, err := c.list(ctx, topic, partition)
	if err != nil {
		return err
	}
	for _, old := range names[:max(0, len(names)-kept)] {
		if err := c.Blobs.Delete(ctx, old); err != nil {
			return fmt.Errorf("drop old checkpoint %s: %w", old, err)
		}
	}
	return nil
}

// Seed stores the first checkpoints of a partition, from which a group that never ran starts: the state of a history that
// was replayed. Seeding again replaces the seed, but is refused with an error once the group has run.
func (c Checkpoints) Seed(ctx context.Context, topic string, partition int, b []byte) error {
	names, err := c.list(ctx, topic, partition)
	if err != nil {
		return err
	}
	if nextEpoch(names) > 1 {
		return fmt.Errorf("seed %s/%d: the group %q has run before, its newest checkpoint is %s", topic, partition, c.Group, path.Base(names[len(names)-1]))
	}
	return c.put(ctx, topic, partition, 0, 0, b)
}

// nextEpoch returns an epoch above that of all named checkpoints.
func nextEpoch(names []string) int64 {
	next := int64(1)
	for _, n := range names {
		digits, _, _ := strings.Cut(path.Base(n), "-")
		if e, err := strconv.ParseInt(digits, 10, 64); err == nil {
			next = max(next, e+1)
		}
	}
	return next
}
