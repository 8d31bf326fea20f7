package scorer

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/stage"
)

// PartitionStatus is where one stage stands on one partition.
type PartitionStatus struct {
	stage.Counts
	Topic     string   `json:"topic"`
	Partition int      `json:"partition"`
	Offset    int64    `json:"offset"` // next to fold
	Keys      int      `json:"keys"`   // cards or ATMs known
	Watermark atm.Time `json:"watermark"`
	Model     string   `json:"model,omitempty"`
}

// Status is what a scorer tells of itself. Safe for concurrent use.
type Status struct {
	mu          sync.Mutex
	partitions  map[string]map[int]PartitionStatus
	checkpoints int64
	bytes       int64
	longest     time.Duration
}

// NewStatus returns an empty status.
func NewStatus() *Status { return &Status{partitions: map[string]map[int]PartitionStatus{}} }

func (s *Status) set(p PartitionStatus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.partitions[p.Topic] == nil {
		s.partitions[p.Topic] = map[int]PartitionStatus{}
	}
	s.partitions[p.Topic][p.Partition] = p
}

// leave forgets a partition that another process has now.
func (s *Status) leave(topic string, partition int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.partitions[topic], partition)
}

func (s *Status) checkpointed(bytes int, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checkpoints++
	s.bytes += int64(bytes)
	s.longest = max(s.longest, took)
}

// Checkpoints returns how many checkpoints were written, their bytes, and how long the slowest write took.
func (s *Status) Checkpoints() (n, bytes int64, longest time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checkpoints, s.bytes, s.longest
}

// Partitions returns the last word of every partition that this process owns, in order.
func (s *Status) Partitions() []PartitionStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []PartitionStatus
	for _, topic := range s.partitions {
		for _, p := range topic {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b PartitionStatus) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	return all
}

// Total adds up the counts of one topic's stage.
func (s *Status) Total(topic string) (sum stage.Counts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.partitions[topic] {
		sum.Records += p.Records
		sum.Applied += p.Applied
		sum.Dead += p.Dead
		sum.Late += p.Late
		sum.Duplicates += p.Duplicates
		sum.Future += p.Future
		sum.Overflows += p.Overflows
		sum.Repeated += p.Repeated
		sum.Gaps += p.Gaps
	}
	return sum
}
