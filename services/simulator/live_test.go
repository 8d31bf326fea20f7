package simulator

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

// lines keeps what was logged.
type lines struct {
	mu   sync.Mutex
	text string
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text += string(b)
	return len(b), nil
}

func (l *lines) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text, s)
}

func newBroker(t *testing.T, partitions int) (*kafka.Broker, string) {
	t.Helper()
	server, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	b := kafka.New(server.Addr())
	b.Log = slog.New(slog.DiscardHandler)
	t.Cleanup(b.Close)
	if partitions > 0 {
		if _, err := b.CreateTopics(t.Context(), partitions); err != nil {
			t.Fatal(err)
		}
	}
	return b, server.Addr()
}

var small = simulator.Config{Seed: 3, Cards: 400, ATMs: 20, Days: 6, FraudRate: 0.05}

func newLive(t *testing.T, c simulator.Config, log Log) *Live {
	t.Helper()
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return &Live{World: w, Log: log, Tell: slog.New(slog.DiscardHandler)}
}

// contents reads a topic by partition.
func contents(t *testing.T, b *kafka.Broker, topic string) (parts [][]kafka.Record) {
	t.Helper()
	_, ends, err := b.Offsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	parts = make([][]kafka.Record, len(ends))
	for p, end := range ends {
		err := b.ReadTo(t.Context(), topic, p, 0, end, func(r []kafka.Record) error { parts[p] = append(parts[p], r...); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// holds checks that the log holds exactly the deliveries of the world from first on, in order within each partition; when
// twice is allowed, a repeated stretch counts once.
func holds(t *testing.T, b *kafka.Broker, c simulator.Config, first int64, twice bool) {
	t.Helper()
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var e simulator.Event
	want, labels := map[int64]string{}, map[string]bool{}
	for w.Next(&e) {
		if e.N >= first {
			want[e.N] = string(e.Transaction.AppendJSON(nil))
			for _, l := range e.Labels {
				labels[l.Transaction] = true
			}
		}
	}
	for p, records := range contents(t, b, kafka.Transactions) {
		last := int64(-1)
		for _, r := range records {
			n, ok := number(r)
			if !ok || r.Time.Year() < 2000 || len(r.Headers) != 2 || r.Headers[1].Key != HeaderProduced || kafka.Partition(r.Key, 4) != p {
				t.Fatalf("record %d of partition %d: %+v", r.Offset, p, r.Headers)
			}
			if n <= last {
				if !twice {
					t.Fatalf("delivery %d follows %d in partition %d", n, last, p)
				}
				continue
			}
			last = n
			if want[n] != string(r.Value) {
				t.Fatalf("delivery %d is %s, want %s", n, r.Value, want[n])
			}
			delete(want, n)
		}
	}
	if len(want) > 0 {
		t.Errorf("%d deliveries are not in the log", len(want))
	}
	for _, records := range contents(t, b, kafka.Labels) {
		for _, r := range records {
			l, err := atm.DecodeLabel(r.Value)
			if err != nil || l.Transaction != string(r.Key) {
				t.Fatalf("label %s of %s: %v", r.Value, r.Key, err)
			}
			delete(labels, l.Transaction)
		}
	}
	if len(labels) > 0 {
		t.Errorf("%d labels are not in the log", len(labels))
	}
}

func TestLiveProducesTheWholeWorld(t *testing.T) {
	b, _ := newBroker(t, 4)
	l := newLive(t, small, b)
	if err := l.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.Transactions() < 1500 || l.Frauds() < 20 || l.EventTime() == 0 {
		t.Errorf("%d transactions, %d frauds, up to %s", l.Transactions(), l.Frauds(), l.EventTime())
	}
	holds(t, b, small, 0, false)
	again := newLive(t, small, b)
	if err := again.Run(t.Context()); err != nil || again.Transactions() != 0 {
		t.Errorf("a run on a log that holds everything produced %d, %v", again.Transactions(), err)
	}
}

func TestLiveLeavesOutTheHistory(t *testing.T) {
	b, _ := newBroker(t, 4)
	l := newLive(t, small, b)
	l.First = 700
	if err := l.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	holds(t, b, small, 700, false)
}

// faulty is a broker that lets a run down at one batch: before or after it is written.
type faulty struct {
	*kafka.Broker
	mu       sync.Mutex
	batches  int
	at       int  // the batch
	after    bool // the batch is written all the same
	then     func()
	goneWith error
}

func (f *faulty) Produce(ctx context.Context, topic string, p int, records []kafka.Record) (int64, error) {
	f.mu.Lock()
	f.batches++
	now := f.batches == f.at
	f.mu.Unlock()
	if now && !f.after {
		f.then()
		return 0, f.goneWith
	}
	base, err := f.Broker.Produce(ctx, topic, p, records)
	if now {
		f.then()
		return 0, f.goneWith
	}
	return base, err
}

func TestARestartedRunGoesOnWhereTheLogEnds(t *testing.T) {
	f := func(after bool) {
		t.Helper()
		b, _ := newBroker(t, 4)
		for stop := 3; ; stop += 2 {
			ctx, cancel := context.WithCancel(t.Context())
			l := newLive(t, small, &faulty{Broker: b, at: stop, after: after, then: cancel, goneWith: errors.New("gone")})
			l.Pace = Pace{Speed: 50_000_000}
			err := l.Run(ctx)
			ended := ctx.Err() == nil
			cancel()
			if err != nil {
				t.Fatal(err)
			}
			if ended {
				break
			}
		}
		holds(t, b, small, 0, false)
	}
	f(false)
	f(true)
}

func TestABatchThatFailsIsTriedAgain(t *testing.T) {
	f := func(after bool) {
		t.Helper()
		b, _ := newBroker(t, 4)
		l := newLive(t, small, &faulty{Broker: b, at: 6, after: after, then: func() {}, goneWith: errors.New("gone")})
		told := &lines{}
		l.Tell = slog.New(slog.NewTextHandler(told, nil))
		if err := l.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !told.has("gone; retrying") {
			t.Errorf("told %q", told.text)
		}
		holds(t, b, small, 0, after)
	}
	f(false)
	f(true)
}

func TestLiveRefusesAnotherWorldsLog(t *testing.T) {
	b, _ := newBroker(t, 4)
	if err := newLive(t, small, b).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := small
	other.Seed, other.Days = 4, 9
	if err := newLive(t, other, b).Run(t.Context()); daemon.Code(err) != daemon.CodeUsage || !strings.Contains(err.Error(), "seed") {
		t.Errorf("%v", err)
	}
	foreign, _ := newBroker(t, 1)
	if _, err := foreign.Produce(t.Context(), kafka.Transactions, 0, []kafka.Record{{Key: []byte("c"), Value: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	if err := newLive(t, small, foreign).Run(t.Context()); daemon.Code(err) != daemon.CodeUsage || !strings.Contains(err.Error(), "not written by a simulator") {
		t.Errorf("%v", err)
	}
}

func TestLiveWithoutTopicsNamesTheCommand(t *testing.T) {
	b, _ := newBroker(t, 0)
	if err := newLive(t, small, b).Run(t.Context()); daemon.Code(err) != daemon.CodeUnavailable || !strings.Contains(err.Error(), "skimwatch topics create") {
		t.Errorf("%v", err)
	}
}
