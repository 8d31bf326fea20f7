package archiver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/services/archiver"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/redis"
	"skimwatch/services/internal/sqlite"
)

// gate is a TCP proxy that can be shut: a server that goes away and comes back.
type gate struct {
	net.Listener
	to string

	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{Listener: l, to: to}
	t.Cleanup(func() { g.set(true); l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go g.pass(c)
		}
	}()
	return g
}

func (g *gate) pass(c net.Conn) {
	up, err := net.Dial("tcp", g.to)
	g.mu.Lock()
	if err != nil || g.shut {
		g.mu.Unlock()
		c.Close()
		if err == nil {
			up.Close()
		}
		return
	}
	g.conns = append(g.conns, c, up)
	g.mu.Unlock()
	go func() { _, _ = io.Copy(up, c); up.Close() }()
	_, _ = io.Copy(c, up)
	c.Close()
}

// set shuts or opens the gate; shutting breaks what passes.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	if !shut {
		return
	}
	for _, c := range g.conns {
		c.Close()
	}
	g.conns = nil
}

// bench is a broker with topics and the two sinks, both behind gates.
type bench struct {
	*testing.T
	broker  *kafka.Broker
	sink    archiver.History // the store, or what stands before it
	store   *history.Store
	live    *redis.Live
	cutSQL  func(bool)
	cutLive func(bool)
	flush   func()
}

const rows = 1200

// score is the i-th answer on the topic; every tenth alerts.
func score(i int) atm.Score {
	s := atm.Score{Transaction: atm.Transaction{ID: fmt.Sprintf("t%04d", i), Time: atm.Time(1.7e15) + atm.Time(i)*atm.Second, Card: fmt.Sprintf("c%d", i%50), ATM: "a", Kind: atm.Balance, Response: atm.Approved},
		CardAt: atm.Position{Offset: int64(i)}, ATMAt: atm.Position{Offset: int64(i)}, FeatureSet: feature.Hash(), Vector: make([]float64, feature.Size()), Decision: atm.Pass,
		Produced: atm.TimeOf(time.Now()), Scored: atm.TimeOf(time.Now())}
	if i%10 == 0 {
		s.Decision, s.Score = atm.Alerts, 1
	}
	return s
}

// produce puts answers from up to to on their topics.
func (b *bench) produce(from, to int) {
	b.Helper()
	var scores, alerts []kafka.Record
	for i := from; i < to; i++ {
		s := score(i)
		scores = append(scores, kafka.Record{Value: s.AppendBinary(nil)})
		if s.Decision != atm.Alerts {
			continue
		}
		v, err := json.Marshal(atm.Alert{ID: "alert-" + s.Transaction.ID, Transaction: s.Transaction.ID, Card: s.Transaction.Card, ATM: "a", Time: s.Transaction.Time, Score: 1, Produced: s.Produced, Raised: s.Scored})
		if err != nil {
			b.Fatal(err)
		}
		alerts = append(alerts, kafka.Record{Value: v})
	}
	for topic, records := range map[string][]kafka.Record{kafka.Scores: scores, kafka.Alerts: alerts} {
		if _, err := b.broker.Produce(b.Context(), topic, 0, records); err != nil {
			b.Fatal(err)
		}
	}
}

// stored waits until the history holds n transactions with their scores and alerts.
func (b *bench) stored(n int64) {
	b.Helper()
	var c history.Counts
	var err error
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if c, err = b.store.Counts(b.Context()); err == nil && c.Transactions == n && c.Scores == n && c.Alerts == n/10 {
			return
		}
	}
	b.Errorf("the history holds %+v (%v), want %d transactions", c, err, n)
}

// shown waits until the live view's totals are those of n transactions.
func (b *bench) shown(n int64) {
	b.Helper()
	var got string
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
		l, err := b.live.Live(b.Context(), 60)
		if err == nil && l.Transactions >= n && l.Alerts == n/10 {
			return
		}
		got = fmt.Sprintf("%d transactions, %d alerts, %v", l.Transactions, l.Alerts, err)
	}
	b.Errorf("the live view shows %s, want %d transactions and %d alerts", got, n, n/10)
}

// outage takes each sink away while the other goes on, then both, then empties the live view: what was missed comes later,
// once.
func (b *bench) outage() {
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	a := archiver.Archiver{Broker: b.broker, History: b.sink, Past: b.store, Live: b.live, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- a.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	}()
	b.produce(0, 300)
	b.stored(300)
	b.shown(300)

	b.cutSQL(true)
	b.produce(300, 600)
	b.shown(600)
	b.cutSQL(false)
	b.stored(600)

	b.cutLive(true)
	b.produce(600, 900)
	b.stored(900)
	b.cutLive(false)
	b.shown(900)

	b.cutSQL(true)
	b.cutLive(true)
	b.produce(900, rows)
	time.Sleep(300 * time.Millisecond) // both sinks run into their gates
	b.cutSQL(false)
	b.cutLive(false)
	b.stored(rows)
	b.shown(rows)

	b.flush()
	b.shown(rows)
}

func newBench(t *testing.T, addr string) *bench {
	t.Helper()
	b := &bench{T: t, broker: kafka.New(addr)}
	t.Cleanup(b.broker.Close)
	if _, err := b.broker.CreateTopics(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) openLive(addr string) {
	b.Helper()
	g := newGate(b.T, addr)
	live, err := redis.New(g.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { live.Close() })
	b.live, b.cutLive = live, g.set
}

// hungry is a history whose database can be taken away.
type hungry struct {
	*history.Store
	mu   sync.Mutex
	away bool
}

func (h *hungry) set(away bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = away
}

var errAway = errors.New("the database is away")

func (h *hungry) gone() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.away {
		return errAway
	}
	return nil
}

func (h *hungry) AppendScores(ctx context.Context, s []atm.Score) error {
	if err := h.gone(); err != nil {
		return err
	}
	return h.Store.AppendScores(ctx, s)
}

func (h *hungry) AppendAlerts(ctx context.Context, a []atm.Alert) error {
	if err := h.gone(); err != nil {
		return err
	}
	return h.Store.AppendAlerts(ctx, a)
}

func TestOutageEmbedded(t *testing.T) {
	server, err := embedded.StartKafka(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	cache, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	b := newBench(t, server.Addr())
	b.openLive(cache.Addr())
	db, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := &hungry{Store: history.New(db, history.SQLite)}
	t.Cleanup(func() { h.Close() })
	if err := h.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.store, b.cutSQL, b.flush = h.Store, h.set, func() { flush(t, cache.Addr()) }
	b.sink = h
	b.outage()
}

// flush empties a Redis as an operator would, by a plain connection.
func flush(t *testing.T, addr string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprint(c, "*1\r\n$8\r\nFLUSHALL\r\n"); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 5)
	if _, err := io.ReadFull(c, answer); err != nil || string(answer) != "+OK\r\n" {
		t.Fatalf("FLUSHALL: %q, %v", answer, err)
	}
}
