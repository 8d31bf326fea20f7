package kafka

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// contract is what every broker must do; it runs on the embedded one always and on Apache Kafka in the real tests.
func contract(t *testing.T, addr string) {
	c := &cluster{addr: addr, run: time.Now().UnixNano()}
	t.Run("Ping", func(t *testing.T) {
		if err := c.broker(t).Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := New("127.0.0.1:1").Ping(t.Context()); err == nil {
			t.Error("nobody answers at port 1, yet Ping is content")
		}
	})
	t.Run("Topics", c.topics)
	t.Run("ProduceKeepsOrderAcrossRequests", c.order)
	t.Run("ReadWaitsForWhatIsNotWritten", c.waits)
	t.Run("ReadRefusesAnOffsetThatIsNotThere", c.outOfRange)
	t.Run("Oversized", c.oversized)
	t.Run("GroupSharesPartitions", c.group)
	t.Run("GroupRestartsAfterAnError", c.crash)
	t.Run("ConsumeRetriesAndCommits", c.consume)
}

type cluster struct {
	addr string
	run  int64
	n    int
}

func (c *cluster) broker(t *testing.T) *Broker {
	b := New(c.addr)
	b.Log = slog.New(slog.DiscardHandler)
	t.Cleanup(b.Close)
	return b
}

// topic makes a topic of its own for a test.
func (c *cluster) topic(t *testing.T, b *Broker, partitions int) string {
	t.Helper()
	c.n++
	name := fmt.Sprintf("test-%d-%d", c.run, c.n)
	if _, err := b.create(t.Context(), []string{name}, partitions); err != nil {
		t.Fatal(err)
	}
	return name
}

func (c *cluster) topics(t *testing.T) {
	b := c.broker(t)
	name := fmt.Sprintf("test-%d-missing", c.run)
	err := b.check(t.Context(), []string{name})
	var missing *MissingTopics
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "skimwatch topics create") {
		t.Errorf("got %v", err)
	}
	if _, err := b.Partitions(t.Context(), name); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
	f := func(want ...string) {
		t.Helper()
		created, err := b.create(t.Context(), []string{name}, 3)
		if err != nil || !slices.Equal(created, want) {
			t.Errorf("created %q, %v", created, err)
		}
	}
	f(name)
	f() // once only
	if n, err := b.Partitions(t.Context(), name); n != 3 || err != nil {
		t.Errorf("%d partitions, %v", n, err)
	}
	if _, err := b.CreateTopics(t.Context(), 4); err != nil {
		t.Error(err)
	}
	if err := b.CheckTopics(t.Context()); err != nil {
		t.Error(err)
	}
}

func numbered(n, size int) []Record {
	records := make([]Record, n)
	for i := range records {
		records[i] = Record{Key: []byte(fmt.Sprint("k", i)), Value: append([]byte(fmt.Sprintf("%06d ", i)), make([]byte, size)...), Headers: []Header{{"n", []byte{byte(i)}}}}
	}
	return records
}

func (c *cluster) order(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 2)
	records := numbered(400, 10<<10) // about four requests
	base, err := b.Produce(t.Context(), topic, 1, records)
	if err != nil || base != 0 {
		t.Fatalf("base %d, %v", base, err)
	}
	if base, err = b.Produce(t.Context(), topic, 1, records[:2]); err != nil || base != 400 {
		t.Fatalf("base %d, %v", base, err)
	}
	next := int64(17)
	err = b.ReadTo(t.Context(), topic, 1, 17, 399, func(got []Record) error {
		for _, r := range got {
			want := records[next]
			if r.Offset != next || r.Partition != 1 || !bytes.Equal(r.Key, want.Key) || !bytes.Equal(r.Value, want.Value) || len(r.Headers) != 1 || r.Headers[0].Value[0] != byte(next) || time.Since(r.Time) > time.Minute {
				return fmt.Errorf("record %d is %d %q %.20q", next, r.Offset, r.Key, r.Value)
			}
			next++
		}
		return nil
	})
	if err != nil || next != 399 {
		t.Errorf("stopped at %d: %v", next, err)
	}
	first, end, err := b.Offsets(t.Context(), topic)
	if err != nil || !slices.Equal(first, []int64{0, 0}) || !slices.Equal(end, []int64{0, 402}) {
		t.Errorf("offsets %d to %d, %v", first, end, err)
	}
}

func (c *cluster) waits(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got, done := make(chan int64), make(chan error, 1)
	go func() {
		done <- b.Read(ctx, topic, 0, 0, func(records []Record) error {
			for _, r := range records {
				got <- r.Offset
			}
			return nil
		})
	}()
	for i := range int64(3) {
		if _, err := b.Produce(t.Context(), topic, 0, numbered(1, 0)); err != nil {
			t.Fatal(err)
		}
		if offset := <-got; offset != i {
			t.Errorf("got offset %d, want %d", offset, i)
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	stop := errors.New("enough")
	if err := b.Read(t.Context(), topic, 0, 0, func([]Record) error { return stop }); err != stop {
		t.Errorf("got %v, want fn's own error", err)
	}
}

func (c *cluster) outOfRange(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 1)
	if _, err := b.Produce(t.Context(), topic, 0, numbered(5, 0)); err != nil {
		t.Fatal(err)
	}
	err := b.Read(t.Context(), topic, 0, 77, func([]Record) error { return nil })
	var out *OutOfRange
	if !errors.As(err, &out) || out.Offset != 77 || out.First != 0 || out.Next != 5 {
		t.Errorf("got %v", err)
	}
}

func (c *cluster) oversized(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 1)
	if _, err := b.Produce(t.Context(), topic, 0, numbered(1, 2<<20)); err == nil || !strings.Contains(err.Error(), topic) {
		t.Errorf("got %v", err)
	}
	// what is refused leaves nothing behind, and the next is welcome
	if base, err := b.Produce(t.Context(), topic, 0, numbered(1, 1000_000)); err != nil || base != 0 {
		t.Errorf("base %d, %v", base, err)
	}
	// a dead letter of the largest record fits
	if _, err := b.CreateTopics(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Produce(t.Context(), DeadLetters, 0, numbered(1, 1<<20*4/3)); err != nil {
		t.Error(err)
	}
}

func (c *cluster) group(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 4)
	group := fmt.Sprintf("group-%s", topic)
	var mu sync.Mutex
	owners := map[int]string{}
	changed := make(chan struct{}, 100)
	member := func(ctx context.Context, name string, done chan<- error) {
		done <- b.RunGroup(ctx, group, []string{topic}, func(ctx context.Context, g Generation, topic string, partition int) error {
			mu.Lock()
			owners[partition] = name
			mu.Unlock()
			changed <- struct{}{}
			<-ctx.Done()
			return nil
		})
	}
	until := func(want map[string]int) {
		t.Helper()
		for limit := time.After(2 * time.Minute); ; {
			mu.Lock()
			have := map[string]int{}
			for _, name := range owners {
				have[name]++
			}
			mu.Unlock()
			if fmt.Sprint(have) == fmt.Sprint(want) {
				return
			}
			select {
			case <-changed:
			case <-limit:
				t.Fatalf("partitions owned: %v, want %v", have, want)
			}
		}
	}
	first, leave := context.WithCancel(t.Context())
	one, two := make(chan error, 1), make(chan error, 1)
	go member(first, "one", one)
	until(map[string]int{"one": 4})
	second, end := context.WithCancel(t.Context())
	go member(second, "two", two)
	until(map[string]int{"one": 2, "two": 2})
	// a member that leaves hands over at once
	leave()
	if err := <-one; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	until(map[string]int{"two": 4})
	end()
	<-two
}

func (c *cluster) crash(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 2)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	broken, ended := 0, 0        // each of one partition only
	other := make(chan struct{}) // the other partition's owner is at work: an owner may come too late for its generation
	err := b.RunGroup(ctx, "crash-"+topic, []string{topic}, func(ctx context.Context, g Generation, topic string, partition int) error {
		if partition == 0 {
			select {
			case <-other:
			case <-ctx.Done():
				return nil
			}
			broken++
			return errors.New("state is broken")
		}
		select {
		case other <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		<-ctx.Done() // it is told
		if ended++; ended == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || broken != 3 || ended != 3 {
		t.Errorf("%d broke, %d ended, %v", broken, ended, err)
	}
}

func (c *cluster) consume(t *testing.T) {
	b := c.broker(t)
	topic := c.topic(t, b, 2)
	for p := range 2 {
		if _, err := b.Produce(t.Context(), topic, p, numbered(1200, 0)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(want int64) (seen [2][]int64) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		var mu sync.Mutex
		failed := false
		err := b.Consume(ctx, "sink-"+topic, []string{topic}, func(_ context.Context, _ string, records []Record) error {
			mu.Lock()
			defer mu.Unlock()
			if len(records) > consumeRecords {
				t.Errorf("%d records in one batch", len(records))
			}
			if records[0].Offset >= 500 && !failed {
				failed = true
				return errors.New("the database is away")
			}
			for _, r := range records {
				seen[r.Partition] = append(seen[r.Partition], r.Offset)
			}
			if int64(len(seen[0])+len(seen[1])) == want {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		return seen
	}
	for p, offsets := range run(2400) {
		for i, offset := range offsets {
			if int64(i) != offset {
				t.Fatalf("partition %d: offset %d at place %d", p, offset, i)
			}
		}
	}
	committed, err := b.Committed(t.Context(), "sink-"+topic, []string{topic})
	if err != nil || !slices.Equal(committed[topic], []int64{1200, 1200}) {
		t.Errorf("committed %v, %v", committed, err)
	}
	// the next start goes on behind it
	if _, err := b.Produce(t.Context(), topic, 1, numbered(1, 0)); err != nil {
		t.Fatal(err)
	}
	if seen := run(1); len(seen[0]) != 0 || !slices.Equal(seen[1], []int64{1200}) {
		t.Errorf("after a restart: %v", seen)
	}
	none, err := b.Committed(t.Context(), "nobody", []string{topic})
	if err != nil || !slices.Equal(none[topic], []int64{-1, -1}) {
		t.Errorf("a group that never was committed %v, %v", none, err)
	}
}
