package scorer_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/models/dataset"
	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
	"skimwatch/simulator"
)

const partitions = 3

// system is an embedded broker with topics and a checkpoint store.
type system struct {
	*testing.T
	broker *kafka.Broker
	blobs  blob.Store
}

func start(t *testing.T) *system {
	t.Helper()
	server, err := embedded.StartKafka(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return startAt(t, server.Addr())
}

// startAt uses a broker that has no topics of ours yet.
func startAt(t *testing.T, addr string) *system {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &system{t, kafka.New(addr), blobs}
	t.Cleanup(s.broker.Close)
	created, err := s.broker.CreateTopics(t.Context(), partitions)
	if err != nil || len(created) != len(kafka.Topics()) {
		t.Fatalf("created %v: %v; the broker must be empty", created, err)
	}
	return s
}

// write puts the first n deliveries of a disorderly world on the transactions topic, and a record that is no transaction
// after every 500th; it returns how many of each.
func (s *system) write(n int) (transactions, broken int) {
	s.Helper()
	world, err := simulator.New(simulator.Config{Seed: 3, Cards: 300, ATMs: 40, Disorder: true, FraudRate: 0.01})
	if err != nil {
		s.Fatal(err)
	}
	batches := make([][]kafka.Record, partitions)
	var e simulator.Event
	for i := 0; i < n && world.Next(&e); i++ {
		p := scorer.Route(e.Transaction.Card, partitions)
		batches[p] = append(batches[p], kafka.Record{Key: []byte(e.Transaction.Card), Value: e.Transaction.AppendJSON(nil), Time: time.Now()})
		if i%500 == 0 {
			broken++
			batches[p] = append(batches[p], kafka.Record{Key: []byte(e.Transaction.Card), Value: []byte(`{"id":"broken ` + strconv.Itoa(i) + `"}`)})
		}
	}
	for p, b := range batches {
		if _, err := s.broker.Produce(s.Context(), kafka.Transactions, p, b); err != nil {
			s.Fatal(err)
		}
	}
	return n, broken
}

// run scores until done says so, stopping and starting again after every few thousand scores.
func (s *system) run(models *scorer.Models, few int64, done func() bool) {
	s.Helper()
	restarts := 0
	for ; !done(); restarts++ {
		if restarts == 200 {
			s.Fatal("the scorer does not get on")
		}
		ctx, cancel := context.WithTimeout(s.Context(), 2*time.Minute)
		go func() {
			defer cancel()
			s.grow(ctx, few, done)
		}()
		sc := scorer.New(scorer.Config{Broker: s.broker, Checkpoints: scorer.Checkpoints{Blobs: s.blobs, Group: "g"}, Models: models, Group: "g",
			CheckpointEvery: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
		if err := sc.Run(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			s.Fatal(err)
		}
		cancel()
	}
	if few < 1<<30 && restarts < 3 {
		s.Errorf("only %d runs: nothing was interrupted", restarts)
	}
}

// grow waits until so many scores more stand on their topic, or, when none has come for a second, until done says that there
// is nothing left to score. It gives up when none has come for a minute.
func (s *system) grow(ctx context.Context, scores int64, done func() bool) {
	before := s.count(kafka.Scores)
	asked := time.Now()
	for last, idle := before, asked; ctx.Err() == nil && time.Since(idle) < time.Minute; time.Sleep(5 * time.Millisecond) {
		now := s.count(kafka.Scores)
		if now-before >= scores {
			return
		}
		if now != last {
			last, idle = now, time.Now()
			asked = idle
		}
		if time.Since(asked) > time.Second {
			if done() {
				return
			}
			asked = time.Now()
		}
	}
}

// count returns how many records a topic holds.
func (s *system) count(topic string) (n int64) {
	s.Helper()
	first, end, err := s.broker.Offsets(s.Context(), topic)
	if err != nil {
		s.Fatal(err)
	}
	for p := range end {
		n += end[p] - first[p]
	}
	return n
}

// read returns all records of a topic.
func (s *system) read(topic string) (all []kafka.Record) {
	s.Helper()
	_, end, err := s.broker.Offsets(s.Context(), topic)
	if err != nil {
		s.Fatal(err)
	}
	for p, to := range end {
		err := s.broker.ReadTo(s.Context(), topic, p, 0, to, func(r []kafka.Record) error {
			all = append(all, r...)
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
	return all
}

// risky is a model with an opinion, so that there are alerts.
type risky struct{}

func (risky) Score(v []float64) float64 { return math.Min(1, v[feature.Index("card_events_1h")]/4) }
func (risky) Explain(v, c []float64) float64 {
	c[feature.Index("card_events_1h")] = risky{}.Score(v)
	return 0
}

// The engine is stopped and started all the time; what it logged must be complete, and the batch layer must compute every
// vector again bit for bit, with late, repeated and out-of-order events in the stream.
func TestLoggedVectorsEqualRecomputedOnes(t *testing.T) {
	s := start(t)
	n, broken := s.write(30_000)
	models := scorer.Fixed(score.Version{Name: "fraud/1", Threshold: 0.9, Model: risky{}})
	s.run(models, 4000, func() bool { return s.complete(n, broken) })

	s.verify(n, broken)
}

// verify checks that every record was answered, that alerts and alerting scores agree, and that the batch layer computes every
// vector again bit for bit from the positions that were logged.
func (s *system) verify(n, broken int) {
	t := s.T
	t.Helper()
	seen := map[atm.Position]bool{}
	var log []atm.Score
	late, repeated, alerting := 0, 0, 0
	for _, r := range s.read(kafka.Scores) {
		var sc atm.Score
		if err := atm.DecodeScore(r.Value, &sc); err != nil {
			t.Fatal(err)
		}
		if seen[sc.CardAt] {
			continue
		}
		seen[sc.CardAt] = true
		if sc.Flags&atm.Late != 0 {
			late++
		}
		if sc.Flags&atm.Duplicate != 0 {
			repeated++
		}
		if sc.Decision == atm.Alerts {
			alerting++
		}
		log = append(log, sc)
	}
	if len(log) != n || late == 0 || repeated == 0 || alerting == 0 {
		t.Fatalf("%d of %d transactions scored, %d late, %d repeated, %d alerting", len(log), n, late, repeated, alerting)
	}
	letters := map[atm.Position]bool{}
	for _, r := range s.read(kafka.DeadLetters) {
		var l atm.DeadLetter
		if err := json.Unmarshal(r.Value, &l); err != nil || l.Reason == "" || len(l.Bytes) == 0 || l.Topic != kafka.Transactions || l.Key == "" || l.Key != string(r.Key) {
			t.Errorf("dead letter %s: %v", r.Value, err)
		}
		letters[atm.Position{Partition: l.Partition, Offset: l.Offset}] = true
	}
	if len(letters) != broken {
		t.Errorf("%d different dead letters, want %d", len(letters), broken)
	}
	alerts := map[string]bool{}
	for _, r := range s.read(kafka.Alerts) {
		var a atm.Alert
		if err := json.Unmarshal(r.Value, &a); err != nil {
			t.Fatal(err)
		}
		alerts[a.ID] = true
	}
	if len(alerts) != alerting {
		t.Errorf("%d different alerts for %d alerting scores", len(alerts), alerting)
	}
	compared := 0
	h := dataset.History{ByCard: sorted(log, func(s *atm.Score) atm.Position { return s.CardAt }), ByATM: sorted(log, func(s *atm.Score) atm.Position { return s.ATMAt })}
	err := dataset.Recompute(t.Context(), h, func(stored, again *atm.Score) error {
		compared++
		for i := range stored.Vector {
			if math.Float64bits(stored.Vector[i]) != math.Float64bits(again.Vector[i]) {
				t.Errorf("%s: %s was logged as %v and is %v", stored.Transaction.ID, feature.At(i).Name, stored.Vector[i], again.Vector[i])
			}
		}
		return nil
	})
	if err != nil || compared != n {
		t.Errorf("%d of %d vectors compared, error %v", compared, n, err)
	}
}

func sorted(log []atm.Score, at func(*atm.Score) atm.Position) iter.Seq2[*atm.Score, error] {
	rows := slices.Clone(log)
	slices.SortFunc(rows, func(a, b atm.Score) int {
		p, q := at(&a), at(&b)
		if p.Partition != q.Partition {
			return int(p.Partition - q.Partition)
		}
		return int(p.Offset - q.Offset)
	})
	return func(yield func(*atm.Score, error) bool) {
		for i := range rows {
			if !yield(&rows[i], nil) {
				return
			}
		}
	}
}
