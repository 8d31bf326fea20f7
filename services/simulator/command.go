package simulator

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/kafka"
	"skimwatch/simulator"
)

// onKafka is what --out and --labels call the broker.
const onKafka = "kafka"

// historyDays is how long a run is that has no pace and was given no length.
const historyDays = 30

type options struct {
	config   simulator.Config
	start    string
	pace     Pace
	out      string
	labels   string
	kafka    string
	admin    string
	level    string
	progress bool
}

// Command is `skimwatch simulate` with `simulate scenarios` below it.
func Command() *cobra.Command {
	o := &options{}
	c := &cobra.Command{
		Use:   "simulate",
		Short: "let a world of cash machines, customers and thieves happen, into a file or onto Kafka",
		Long: `Simulate gives the transactions of an invented world of cash machines, customers and thieves: the same bytes for the
same seed. Into a file they come as fast as the machine can, or at a pace; onto Kafka a restarted run goes on where the
topic ends. The truth about each fraud goes to --labels, never into a transaction.`,
		Example: `  skimwatch simulate --days 30 --out history.ndjson.zst --labels labels.ndjson
  skimwatch simulate --cards 20000 --atms 800 --days 7 --out week.csv
  skimwatch simulate --scenarios skimming,relay --days 3 --out - | head
  SKIMWATCH_KAFKA=127.0.0.1:9092 skimwatch simulate --out kafka --speed 600`,
		Args: func(c *cobra.Command, args []string) error { return daemon.Usage(cobra.NoArgs(c, args)) },
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return daemon.Usage(err) })
	f := c.Flags()
	f.Uint64Var(&o.config.Seed, "seed", 1, "the same seed gives the same world")
	f.IntVar(&o.config.Cards, "cards", 5000, "cards in use")
	f.IntVar(&o.config.ATMs, "atms", 300, "cash machines")
	f.StringVar(&o.start, "start", "2026-01-05T00:00:00Z", "event time at which the world begins, RFC 3339")
	f.IntVar(&o.config.Days, "days", 0, "length in days; 0 never ends (default 30, or 0 with --rate or --speed)")
	f.Float64Var(&o.config.FraudRate, "fraud-rate", 0.003, "share of transactions that are fraud")
	f.StringSliceVar(&o.config.Scenarios, "scenarios", nil, "frauds that happen, comma separated (default all; see simulate scenarios)")
	f.BoolVar(&o.config.Disorder, "disorder", false, "late, out-of-order and duplicated events, terminals that store and forward, clocks that are off")
	f.StringVar(&o.out, "out", "", "where transactions go: a file (NDJSON, or CSV by .csv; packed by .gz or .zst), - or kafka")
	f.StringVar(&o.labels, "labels", "", "where labels go: a file (NDJSON), - or kafka (default kafka with --out kafka, else nowhere)")
	f.Float64Var(&o.pace.Rate, "rate", 0, "transactions per second (default as fast as possible)")
	f.Float64Var(&o.pace.Speed, "speed", 0, "seconds of event time per second (default as fast as possible)")
	f.StringVar(&o.kafka, "kafka", "", "Kafka brokers, host:port, comma separated (environment SKIMWATCH_KAFKA)")
	f.StringVar(&o.admin, "admin", "", "host:port of /livez, /readyz and /metrics during --out kafka (environment SKIMWATCH_ADMIN; default none)")
	f.StringVar(&o.level, "log-level", "info", "debug, info, warn or error")
	f.BoolVar(&o.progress, "progress", true, "tell on standard error how far the run is")
	c.AddCommand(scenariosCommand())
	return c
}

func (o *options) run(c *cobra.Command) error {
	if err := o.check(c); err != nil {
		return daemon.Usage(err)
	}
	log, err := daemon.NewLogger(c.ErrOrStderr(), o.level)
	if err != nil {
		return err
	}
	var broker *kafka.Broker
	if o.out == onKafka || o.labels == onKafka {
		if broker, err = o.broker(c, log); err != nil {
			return err
		}
		defer broker.Close()
	}
	world, err := simulator.New(o.config)
	if err != nil {
		return daemon.Usage(err)
	}
	return daemon.Run(c.Context(), log, func(ctx context.Context) error {
		p := newProgress(c.ErrOrStderr(), o.config.Start, o.config.Days, !o.progress)
		if o.out == onKafka {
			return o.live(ctx, world, broker, p, log)
		}
		return o.file(ctx, world, broker, p)
	})
}

// check completes the options and says what is wrong with them.
func (o *options) check(c *cobra.Command) error {
	t, err := time.Parse(time.RFC3339, o.start)
	if err != nil {
		return fmt.Errorf("start %q is not an RFC 3339 time such as 2026-01-05T00:00:00Z", o.start)
	}
	if err := o.pace.Check(); err != nil {
		return err
	}
	o.config.Start = atm.TimeOf(t)
	if !c.Flags().Changed("days") && !o.pace.Paced() {
		o.config.Days = historyDays
	}
	switch {
	case o.config.Start <= 0:
		return fmt.Errorf("start %q is not after 1970", o.start)
	case o.config.Cards == 0 || o.config.ATMs == 0:
		return fmt.Errorf("cards %d and atms %d must both be at least 1", o.config.Cards, o.config.ATMs)
	case o.config.FraudRate < 0:
		return fmt.Errorf("fraud rate %v is negative", o.config.FraudRate)
	case o.config.FraudRate == 0:
		o.config.FraudRate = -1 // zero would mean the default
	}
	if err := o.config.Check(); err != nil {
		return err
	}
	if o.out == "" {
		return fmt.Errorf("out is not set: give --out a file, - or kafka")
	}
	if o.labels == "" && o.out == onKafka {
		o.labels = onKafka
	}
	if o.labels == o.out && o.out != onKafka {
		return fmt.Errorf("out and labels are both %q: give them two places", o.out)
	}
	return nil
}

func (o *options) broker(c *cobra.Command, log *slog.Logger) (*kafka.Broker, error) {
	config := daemon.Resolve([]daemon.Setting{{Name: "kafka"}, {Name: "admin"}}, func(name string) (string, bool) {
		f := c.Flags().Lookup(name)
		return f.Value.String(), f.Changed
	})
	addrs, err := config.Need("kafka")
	if err != nil {
		return nil, err
	}
	o.admin = strings.TrimSpace(config.Get("admin"))
	b := kafka.New(addrs)
	b.Log = log
	return b, nil
}

// file writes the world into files.
func (o *options) file(ctx context.Context, world *simulator.World, broker *kafka.Broker, p *progress) (err error) {
	out, err := file.CreateTransactions(o.out)
	if err != nil {
		return err
	}
	defer out.Abort()
	label, finish, abort, err := o.labelSink(ctx, broker)
	if err != nil {
		return err
	}
	defer abort()
	f := &toFile{world: world, out: out, label: label, pace: o.pace, progress: p}
	if err := f.run(ctx); err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	p.end()
	return nil
}

// labelSink opens where labels go when they do not go with the live run.
func (o *options) labelSink(ctx context.Context, broker *kafka.Broker) (put func(*atm.Label) error, finish func() error, abort func(), err error) {
	switch o.labels {
	case "":
		return func(*atm.Label) error { return nil }, func() error { return nil }, func() {}, nil
	case onKafka:
		t, err := newLabelTopic(ctx, broker)
		if err != nil {
			return nil, nil, nil, err
		}
		return t.put, t.flush, func() {}, nil
	}
	w, err := file.CreateLabels(o.labels)
	if err != nil {
		return nil, nil, nil, err
	}
	return w.Put, w.Close, w.Abort, nil
}

// live produces the world onto Kafka.
func (o *options) live(ctx context.Context, world *simulator.World, broker *kafka.Broker, p *progress, log *slog.Logger) error {
	l := &Live{World: world, Log: broker, Pace: o.pace, Tell: log}
	finish, abort := func() error { return nil }, func() {}
	if o.labels != onKafka {
		var err error
		if l.Label, finish, abort, err = o.labelSink(ctx, nil); err != nil {
			return err
		}
	}
	defer abort()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := o.serveAdmin(ctx, l, broker, log); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.set(l.Transactions(), l.Frauds(), l.EventTime())
			continue
		case err := <-done:
			if err == nil {
				err = finish()
			}
			p.set(l.Transactions(), l.Frauds(), l.EventTime())
			if err == nil {
				p.end()
			}
			return err
		}
	}
}

// serveAdmin answers health checks while the run lasts, if it was asked to.
func (o *options) serveAdmin(ctx context.Context, l *Live, broker *kafka.Broker, log *slog.Logger) error {
	if o.admin == "" {
		return nil
	}
	listener, err := daemon.Listen(o.admin, "--admin")
	if err != nil {
		return err
	}
	a := daemon.NewAdmin()
	a.Ready("kafka", broker.Ping)
	a.Metrics.Gauge("skimwatch_simulated_transactions", func() float64 { return float64(l.Transactions()) })
	a.Metrics.Gauge("skimwatch_simulated_frauds", func() float64 { return float64(l.Frauds()) })
	a.Metrics.Gauge("skimwatch_simulator_behind_seconds", func() float64 { return l.Behind().Seconds() })
	go func() {
		if err := a.Serve(ctx, listener); err != nil {
			log.Error(err.Error())
		}
	}()
	return nil
}
