package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/meter"
	"skimwatch/services/scorer"
	live "skimwatch/services/simulator"
	"skimwatch/simulator"
)

// Pipeline measures the engine behind a broker under open load.
type Pipeline struct {
	Kafka   string // address; empty for an embedded broker
	Rate    float64
	Seconds int
	Cards   int
	Trees   int
	Log     *slog.Logger
}

// Quantiles are in milliseconds.
type Quantiles struct {
	N    int64   `json:"n"`
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

// PipelineResult is what it found, the warm-up left out.
type PipelineResult struct {
	Machine      machine   `json:"machine"`
	Broker       string    `json:"broker"`
	Cards        int       `json:"cards"`
	Trees        int       `json:"trees"`
	Rate         float64   `json:"rate"` // asked for, a second
	Seconds      float64   `json:"seconds"`
	Transactions int64     `json:"transactions"`
	Scored       int64     `json:"scored"`
	PerSecond    float64   `json:"transactions_per_second"`
	Score        Quantiles `json:"produced_to_score_ms"`
	Alert        Quantiles `json:"produced_to_alert_ms"`
	CPUPercent   float64   `json:"cpu_percent"` // of one core, this process
	Behind       float64   `json:"load_behind_seconds"`
}

// Run measures. What it does meanwhile goes to w.
func (p Pipeline) Run(ctx context.Context, w io.Writer) (*PipelineResult, error) {
	done := stage(w, "train a forest of %d trees", p.Trees)
	model, err := learn(ctx, p.Trees)
	done()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "skimwatch-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	r := &PipelineResult{Machine: thisMachine(), Broker: p.Kafka, Cards: p.Cards, Trees: p.Trees, Rate: p.Rate}
	if p.Kafka == "" {
		server, err := embedded.StartKafka(filepath.Join(dir, "kafka"), "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer server.Close()
		p.Kafka, r.Broker = server.Addr(), "embedded"
	}
	broker := kafka.New(p.Kafka)
	defer broker.Close()
	if _, err := broker.CreateTopics(ctx, 4); err != nil {
		return nil, err
	}
	blobs, err := blob.Create(filepath.Join(dir, "blobs"))
	if err != nil {
		return nil, err
	}
	group := fmt.Sprintf("skimwatch-bench-%d", time.Now().UnixNano())
	engine := scorer.New(scorer.Config{Broker: broker, Checkpoints: scorer.Checkpoints{Blobs: blobs, Group: group}, Models: scorer.Fixed(model), Group: group, CheckpointEvery: 5 * time.Second, Log: p.Log})
	running, stop := context.WithCancel(ctx)
	services, running := errgroup.WithContext(running)
	services.Go(func() error { return engine.Run(running) })
	err = p.load(running, w, broker, r)
	stop()
	if failed := services.Wait(); err == nil && !errors.Is(failed, context.Canceled) {
		err = failed
	}
	return r, err
}

// load produces at the rate for a fifth of the time to warm up, and then for the rest with a meter.
func (p Pipeline) load(ctx context.Context, w io.Writer, broker *kafka.Broker, r *PipelineResult) error {
	world, err := simulator.New(simulator.Config{Seed: seed, Cards: p.Cards, ATMs: max(50, p.Cards/20)})
	if err != nil {
		return err
	}
	source := &live.Live{World: world, Log: broker, Pace: live.Pace{Rate: p.Rate}, Tell: p.Log}
	loading, stop := context.WithCancel(ctx)
	defer stop()
	loaded := make(chan error, 1)
	go func() { loaded <- source.Run(loading) }()
	whole := time.Duration(p.Seconds) * time.Second
	done := stage(w, "load of %.0f transactions/s for %s", p.Rate, whole)
	defer done()
	if err := pause(ctx, whole/5, loaded); err != nil {
		return err
	}
	m, err := meter.New(ctx, broker)
	if err != nil {
		return err
	}
	metering := make(chan error, 1)
	go func() { metering <- m.Run(ctx) }()
	began, cpu := time.Now(), daemon.CPUSeconds()
	if err := pause(ctx, whole*4/5, loaded); err != nil {
		return err
	}
	wall, used := time.Since(began), daemon.CPUSeconds()-cpu
	stop()
	if err := <-loaded; err != nil {
		return err
	}
	if err := settle(ctx, m); err != nil {
		return err
	}
	s, err := m.Glance(ctx)
	if err != nil {
		return err
	}
	r.Seconds, r.Transactions, r.Scored, r.PerSecond = wall.Seconds(), s.Transactions, s.Scored, float64(s.Transactions)/wall.Seconds()
	r.Score, r.Alert = quantiles(&s.Latency), quantiles(&s.AlertLatency)
	r.CPUPercent, r.Behind = 100*used/wall.Seconds(), source.Behind().Seconds()
	return nil
}

// pause waits for d, unless the load fails or ctx ends first.
func pause(ctx context.Context, d time.Duration, loaded chan error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-loaded:
		return errors.Join(errors.New("the load ended early"), err)
	case <-time.After(d):
		return nil
	}
}

// settle waits until everything is answered.
func settle(ctx context.Context, m *meter.Meter) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		c, err := m.Counts(ctx)
		if err != nil {
			return err
		}
		if c.Scored+c.DeadLettered == c.Transactions {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d transactions were answered half a minute after the load: %w", c.Scored, c.Transactions, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func quantiles(h *meter.Histogram) Quantiles {
	ms := func(q float64) float64 { return float64(h.Quantile(q).Microseconds()) / 1000 }
	return Quantiles{h.N(), ms(0.5), ms(0.99), ms(0.999)}
}

func (r *PipelineResult) write(w io.Writer) error {
	_, err := fmt.Fprintf(w, `pipeline through the %s broker, both hops, open load, %s on %d cores
  %d transactions of %d cards at %.0f/s (asked for %.0f/s), %d scored, forest of %d trees
  produced to score   p50 %.1f ms   p99 %.1f ms   p99.9 %.1f ms   (%d)
  produced to alert   p50 %.1f ms   p99 %.1f ms   p99.9 %.1f ms   (%d)
  this process used %.0f %% of one core
`, r.Broker, r.Machine.Go, r.Machine.Cores, r.Transactions, r.Cards, r.PerSecond, r.Rate, r.Scored, r.Trees,
		r.Score.P50, r.Score.P99, r.Score.P999, r.Score.N, r.Alert.P50, r.Alert.P99, r.Alert.P999, r.Alert.N, r.CPUPercent)
	return err
}
