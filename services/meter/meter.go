package meter

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/engine/atm"
	"skimwatch/engine/window"
	"skimwatch/models/evaluate"
	"skimwatch/services/internal/kafka"
)

// Meter follows the topics from where they stood when it was made. Safe for concurrent use.
type Meter struct {
	broker *kafka.Broker
	from   map[string][]int64 // offsets at the start, by topic

	mu         sync.Mutex
	answered   []offsets // per partition of transactions: scored
	buried     []offsets // and dead-lettered
	scored     int64
	dead       int64
	alerts     int64
	latency    Histogram // produced until the score was read
	alerting   Histogram // produced until the alert was read
	scores     []judged
	frauds     map[uint64]bool // hashed ids that the simulator calls fraud
	firstAlert time.Time
	model      string
}

// judged is a score that waits for its truth.
type judged struct {
	id    uint64
	score float64
	alert bool
}

// New returns a meter that counts from now on.
func New(ctx context.Context, b *kafka.Broker) (*Meter, error) {
	m := &Meter{broker: b, from: map[string][]int64{}, frauds: map[uint64]bool{}}
	// Where transactions end is read last: the answer to each one that counts is then still to come.
	for _, topic := range []string{kafka.Scores, kafka.Alerts, kafka.DeadLetters, kafka.Labels, kafka.Transactions} {
		_, end, err := b.Offsets(ctx, topic)
		if err != nil {
			return nil, fmt.Errorf("read where %s ends: %w", topic, err)
		}
		m.from[topic] = end
	}
	n := len(m.from[kafka.Transactions])
	m.answered, m.buried = make([]offsets, n), make([]offsets, n)
	return m, nil
}

// Run reads until ctx ends.
func (m *Meter) Run(ctx context.Context) error {
	g, inner := errgroup.WithContext(ctx)
	for topic, read := range map[string]func(*kafka.Record) error{kafka.Scores: m.score, kafka.Alerts: m.alert, kafka.DeadLetters: m.letter, kafka.Labels: m.label} {
		for p, from := range m.from[topic] {
			g.Go(func() error { return m.follow(inner, topic, p, from, read) })
		}
	}
	return g.Wait()
}

func (m *Meter) follow(ctx context.Context, topic string, partition int, from int64, read func(*kafka.Record) error) error {
	return m.broker.Read(ctx, topic, partition, from, func(records []kafka.Record) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		for i := range records {
			if err := read(&records[i]); err != nil {
				return fmt.Errorf("%s/%d at %d: %w", topic, partition, records[i].Offset, err)
			}
		}
		return nil
	})
}

func (m *Meter) score(r *kafka.Record) error {
	var s atm.Score
	if err := atm.DecodeScore(r.Value, &s); err != nil {
		return err
	}
	at := s.CardAt
	from := m.from[kafka.Transactions]
	if int(at.Partition) >= len(from) || at.Offset < from[at.Partition] || !m.answered[at.Partition].add(at.Offset-from[at.Partition]) {
		return nil // from before, or a repetition
	}
	m.scored++
	m.latency.Add(atm.TimeOf(time.Now()).Std().Sub(s.Produced.Std()))
	m.model = string(append([]byte(nil), s.Model...))
	if s.Flags&atm.Duplicate == 0 {
		m.scores = append(m.scores, judged{window.Hash(s.Transaction.ID), s.Score, s.Decision == atm.Alerts})
	}
	return nil
}

func (m *Meter) alert(r *kafka.Record) error {
	var a atm.Alert
	if err := json.Unmarshal(r.Value, &a); err != nil {
		return err
	}
	if m.firstAlert.IsZero() {
		m.firstAlert = time.Now()
	}
	m.alerts++
	m.alerting.Add(time.Since(a.Produced.Std()))
	return nil
}

func (m *Meter) letter(r *kafka.Record) error {
	l, err := kafka.DecodeDeadLetter(r.Value)
	if err != nil || l.Topic != kafka.Transactions {
		return nil // none of ours, or a label's, whose place is none of a transaction
	}
	from := m.from[kafka.Transactions]
	if int(l.Partition) < len(from) && l.Offset >= from[l.Partition] && m.buried[l.Partition].add(l.Offset-from[l.Partition]) {
		m.dead++
	}
	return nil
}

func (m *Meter) label(r *kafka.Record) error {
	l, err := atm.DecodeLabel(r.Value)
	if err == nil && l.Source == atm.Simulator && l.Fraud {
		m.frauds[window.Hash(l.Transaction)] = true
	}
	return nil // a label that does not decode is the archiver's to bury
}

// FirstAlert returns when the first alert could be read, zero when there was none.
func (m *Meter) FirstAlert() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.firstAlert
}

// Counts are the figures of a run so far.
type Counts struct {
	Transactions int64 // on the topic since the meter was made
	Scored       int64 // different ones among them that have a score
	DeadLettered int64 // different ones among them that lie on the dead-letter topic
	Alerts       int64
}

// Counts asks the broker for the transactions and returns what was answered.
func (m *Meter) Counts(ctx context.Context) (Counts, error) {
	_, end, err := m.broker.Offsets(ctx, kafka.Transactions)
	if err != nil {
		return Counts{}, fmt.Errorf("read where %s ends: %w", kafka.Transactions, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := Counts{Scored: m.scored, DeadLettered: m.dead, Alerts: m.alerts}
	for p := range end {
		c.Transactions += end[p] - m.from[kafka.Transactions][p]
	}
	return c, nil
}

// Summary is what a run amounts to.
type Summary struct {
	Counts
	Frauds           int // transactions that the simulator calls fraud
	Latency          Histogram
	AlertLatency     Histogram
	Precision        float64 // of the alerts, over transactions
	Recall           float64 // of the frauds, over transactions
	AveragePrecision float64
	Model            string // of the score that was read last
}

// Glance returns the figures with the truth joined in, but for the average precision. Without frauds the ratios are 0.
func (m *Meter) Glance(ctx context.Context) (Summary, error) {
	c, err := m.Counts(ctx)
	if err != nil {
		return Summary{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := Summary{Counts: c, Latency: m.latency, AlertLatency: m.alerting, Model: m.model}
	alerted, hits := 0, 0
	for _, j := range m.scores {
		fraud := m.frauds[j.id]
		if fraud {
			s.Frauds++
		}
		if j.alert {
			alerted++
			if fraud {
				hits++
			}
		}
	}
	s.Precision, s.Recall = ratio(hits, alerted), ratio(hits, s.Frauds)
	return s, nil
}

// Summary is Glance with the average precision, which costs a sort of all scores.
func (m *Meter) Summary(ctx context.Context) (Summary, error) {
	s, err := m.Glance(ctx)
	if err != nil {
		return s, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	scores := make([]evaluate.Scored, len(m.scores))
	for i, j := range m.scores {
		scores[i] = evaluate.Scored{Score: j.score, Fraud: m.frauds[j.id]}
	}
	s.AveragePrecision = evaluate.AveragePrecision(scores)
	return s, nil
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// offsets is a set of small non-negative numbers.
type offsets struct{ words []uint64 }

// add puts n into the set and says whether it is new.
func (o *offsets) add(n int64) bool {
	w, bit := int(n/64), uint64(1)<<(n%64)
	for w >= len(o.words) {
		o.words = append(o.words, 0)
	}
	isNew := o.words[w]&bit == 0
	o.words[w] |= bit
	return isNew
}
