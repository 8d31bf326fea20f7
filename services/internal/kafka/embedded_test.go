package kafka

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"skimwatch/services/internal/embedded"
)

func TestEmbedded(t *testing.T) {
	k, err := embedded.StartKafka(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	contract(t, k.Addr())
}

// TestReadSurvivesARestart stops the broker under a reader, starts it again on the same folder, and misses nothing.
func TestReadSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	k, err := embedded.StartKafka(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{addr: k.Addr()}
	b := c.broker(t)
	topic := c.topic(t, b, 1)
	if _, err := b.Produce(t.Context(), topic, 0, numbered(100, 0)); err != nil {
		t.Fatal(err)
	}
	var next atomic.Int64
	half, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- b.ReadTo(t.Context(), topic, 0, 0, 150, func(records []Record) error {
			for _, r := range records {
				if !next.CompareAndSwap(r.Offset, r.Offset+1) {
					t.Errorf("got offset %d, want %d", r.Offset, next.Load())
				}
			}
			if next.Load() == 100 {
				close(half)
			}
			return nil
		})
	}()
	<-half
	k.Close()
	if err := b.Ping(t.Context()); err == nil {
		t.Error("the broker is down, yet Ping is content")
	}
	if k, err = embedded.StartKafka(dir, k.Addr()); err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for deadline := time.Now().Add(time.Minute); ; {
		base, err := b.Produce(t.Context(), topic, 0, numbered(50, 0))
		if err == nil && base != 100 {
			t.Errorf("the restarted broker writes at %d", base)
		}
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil || next.Load() != 150 {
		t.Errorf("read up to %d: %v", next.Load(), err)
	}
}

// TestEmbeddedLogIsBounded writes more than a partition keeps and finds, after a restart, only the newest part.
func TestEmbeddedLogIsBounded(t *testing.T) {
	dir := t.TempDir()
	k, err := embedded.StartKafka(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{addr: k.Addr()}
	b := c.broker(t)
	topic := c.topic(t, b, 1)
	records := numbered(1000, 10<<10)
	for range 10 { // 100 MB
		if _, err := b.Produce(t.Context(), topic, 0, records); err != nil {
			t.Fatal(err)
		}
	}
	k.Close()
	if k, err = embedded.StartKafka(dir, k.Addr()); err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	first, end, err := b.Offsets(t.Context(), topic)
	if err != nil || end[0] != 10_000 || first[0] < 3000 || first[0] > 4500 {
		t.Fatalf("the topic holds %d up to %d, %v", first, end, err)
	}
	var out *OutOfRange
	if err := b.Read(t.Context(), topic, 0, 0, func([]Record) error { return nil }); !errors.As(err, &out) || out.First != first[0] {
		t.Errorf("got %v", err)
	}
}

// TestConsumeSurvivesARestart takes the broker away under a sink. Every record is handled, whatever is handled again.
func TestConsumeSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	k, err := embedded.StartKafka(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{addr: k.Addr()}
	b := c.broker(t)
	topic := c.topic(t, b, 2)
	produce := func() {
		t.Helper()
		for p := range 2 {
			for began := time.Now(); ; time.Sleep(10 * time.Millisecond) { // a pooled connection to the old broker fails first
				_, err := b.Produce(t.Context(), topic, p, numbered(100, 0))
				if err == nil {
					break
				}
				if time.Since(began) > time.Minute {
					t.Fatal(err)
				}
			}
		}
	}
	produce()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var mu sync.Mutex
	seen := map[string]bool{}
	half, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- b.Consume(ctx, "sink", []string{topic}, func(_ context.Context, _ string, records []Record) error {
			mu.Lock()
			defer mu.Unlock()
			for _, r := range records {
				seen[fmt.Sprint(r.Partition, "/", r.Offset)] = true
			}
			if len(seen) == 200 && len(records) > 0 {
				select {
				case <-half:
				default:
					close(half)
				}
			}
			if len(seen) == 400 {
				cancel()
			}
			return nil
		})
	}()
	<-half
	k.Close()
	if k, err = embedded.StartKafka(dir, k.Addr()); err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	produce()
	if err := <-done; !errors.Is(err, context.Canceled) || len(seen) != 400 {
		t.Errorf("%d of 400 records handled: %v", len(seen), err)
	}
}
