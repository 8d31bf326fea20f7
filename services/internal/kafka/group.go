package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// The clocks of a consumer group. After a process dies its partitions are taken over when sessionTimeout is over.
const (
	sessionTimeout   = 10 * time.Second
	heartbeat        = time.Second
	rebalanceTimeout = 10 * time.Second
	joinPause        = 500 * time.Millisecond
	watchPartitions  = 15 * time.Second
	leaveLimit       = 5 * time.Second
	longestPause     = 10 * time.Second
)

// Generation is one distribution of the partitions among the members of a group. A member that missed a newer one cannot commit.
type Generation struct {
	ID     int32
	Member string

	from *kafka.Generation
}

// Commit records how far a partition is done: offset is that of the next record to handle.
func (g Generation) Commit(topic string, partition int, offset int64) error {
	if err := g.from.CommitOffsets(map[string]map[int]int64{topic: {partition: offset}}); err != nil {
		return fmt.Errorf("commit offset %d of %s, partition %d, in generation %d: %w", offset, topic, partition, g.ID, err)
	}
	return nil
}

// Committed returns the offset that the group had committed for a partition when this generation began; negative when none.
func (g Generation) Committed(topic string, partition int) int64 {
	for _, a := range g.from.Assignments[topic] {
		if a.ID == partition {
			return a.Offset
		}
	}
	return -1
}

// Own handles one partition until ctx ends, as long as this member owns it. It must return when ctx ends: the next generation waits.
type Own func(ctx context.Context, g Generation, topic string, partition int) error

// RunGroup joins a consumer group and runs own for each partition that this member is given, each in its own goroutine, until ctx ends;
// then it leaves the group, so that others take over at once, and returns ctx's error. The function that returns an error
// ends the generation for all partitions of this member (crash-only): the error is logged and the member rejoins, with growing pauses
// while it happens again. A broker that is away is waited for.
func (b *Broker) RunGroup(ctx context.Context, group string, topics []string, own Own) error {
	g, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: group, Brokers: b.addrs, Dialer: b.dialer, Topics: topics, StartOffset: kafka.FirstOffset, Timeout: timeout,
		HeartbeatInterval: heartbeat, SessionTimeout: sessionTimeout, RebalanceTimeout: rebalanceTimeout, JoinGroupBackoff: joinPause,
		WatchPartitionChanges: true, PartitionWatchInterval: watchPartitions,
	})
	if err != nil {
		return fmt.Errorf("join group %q: %w", group, err)
	}
	m := &member{broker: b, group: group, own: own}
	for {
		generation, err := g.Next(ctx)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			m.note("join group "+group, err)
			wait(ctx, joinPause)
			continue
		}
		m.start(ctx, generation)
	}
	left := make(chan struct{})
	go func() { g.Close(); close(left) }()
	select {
	case <-left:
	case <-time.After(leaveLimit): // joining can hang in the broker for as long as a rebalance takes
	}
	m.running.Wait()
	return ctx.Err()
}

type member struct {
	broker  *Broker
	group   string
	own     Own
	running sync.WaitGroup

	mu       sync.Mutex
	pause    time.Duration // before the next generation works; grows while generations fail
	failedAt time.Time
	last     string // error noted last, so that one that lasts is told once
}

// note logs an error unless it is the one that was logged last.
func (m *member) note(doing string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if text := doing + err.Error(); text != m.last {
		m.last = text
		m.broker.Log.Warn(doing+": "+err.Error()+"; retrying", "group", m.group)
	}
}

func (m *member) start(ctx context.Context, from *kafka.Generation) {
	g := Generation{ID: from.ID, Member: from.MemberID, from: from}
	m.mu.Lock()
	pause := m.pause
	m.mu.Unlock()
	for topic, partitions := range from.Assignments {
		for _, p := range partitions {
			m.running.Add(1)
			from.Start(func(generation context.Context) {
				defer m.running.Done()
				own, cancel := context.WithCancel(ctx)
				defer cancel()
				defer context.AfterFunc(generation, cancel)()
				if !wait(own, pause) {
					return
				}
				err := m.own(own, g, topic, p.ID)
				if own.Err() == nil {
					m.fail(topic, p.ID, err)
				}
			})
		}
	}
}

// fail logs why a partition's owner gave up and makes the next generation wait longer, unless the last failure is long past.
func (m *member) fail(topic string, partition int, err error) {
	if err == nil {
		err = errors.New("BUG: the owner of the partition returned before its generation ended")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.failedAt) > 2*longestPause {
		m.pause = 0
	}
	m.failedAt, m.pause = time.Now(), min(max(2*m.pause, 100*time.Millisecond), longestPause)
	m.broker.Log.Error(err.Error()+"; the partitions of this member start again from their checkpoints", "group", m.group, "topic", topic, "partition", partition, "pause", m.pause.String())
}
