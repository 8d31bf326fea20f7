package simulator

import (
	"context"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
	"skimwatch/simulator"
)

// run is one run of the command.
type run struct {
	*options
	cmd      *cobra.Command
	log      *slog.Logger
	progress *progress
	first    int64 // delivery to begin with
}

func (r *run) do(ctx context.Context) (err error) {
	if r.onward {
		if r.first, err = r.goOn(ctx); err != nil {
			return err
		}
	}
	world, err := simulator.New(r.world)
	if err != nil {
		return daemon.Usage(err)
	}
	if r.out == onKafka {
		err = r.live(ctx, world)
	} else {
		err = r.file(ctx, world)
	}
	if err == nil {
		r.progress.end()
	}
	return err
}

// broker returns the cluster that the command is told to use.
func (r *run) broker(ctx context.Context) (*kafka.Broker, error) {
	open := wiring.Opener{Log: r.log, Service: true}
	return open.Broker(ctx, settings.Of(r.cmd).Get(settings.Kafka))
}

// labelSink opens where labels go when a live run does not take them along.
func (r *run) labelSink(ctx context.Context) (labelSink, error) {
	switch r.labels {
	case "":
		return nowhere{}, nil
	case onKafka:
		b, err := r.broker(ctx)
		if err != nil {
			return nil, err
		}
		return newLabelTopic(ctx, b)
	}
	return file.CreateLabels(r.labels)
}

// file writes the world into a file. What was written stays when ctx ends it early.
func (r *run) file(ctx context.Context, world *simulator.World) error {
	out, err := file.CreateTransactions(r.out)
	if err != nil {
		return err
	}
	defer out.Abort()
	labels, err := r.labelSink(ctx)
	if err != nil {
		return err
	}
	defer labels.Abort()
	f := &toFile{world: world, out: out, labels: labels, pace: r.pace, progress: r.progress}
	if err := f.run(ctx); err != nil {
		return err
	}
	if err := labels.Close(); err != nil {
		return err
	}
	return out.Close()
}

// live produces the world onto Kafka.
func (r *run) live(ctx context.Context, world *simulator.World) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	admin, failed := daemon.NewAdmin(), make(chan error, 1)
	err := settings.ServeAdmin(ctx, r.cmd, admin, func(serve func() error) { go func() { failed <- serve() }() })
	if err != nil {
		return err
	}
	broker, err := r.broker(ctx)
	if err != nil {
		return err
	}
	defer broker.Close()
	admin.Ready("kafka", broker.Ping)
	l := &Live{World: world, Log: broker, Pace: r.pace, First: r.first, Tell: r.log}
	var labels labelSink = nowhere{}
	if r.labels != onKafka {
		if labels, err = r.labelSink(ctx); err != nil {
			return err
		}
		l.Label = labels.Put
	}
	defer labels.Abort()
	export(admin.Metrics, l)
	if err := r.watch(ctx, l, failed); err != nil {
		return err
	}
	return labels.Close()
}

// watch runs l and tells its progress until it ends, or the admin port fails.
func (r *run) watch(ctx context.Context, l *Live, failed <-chan error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.progress.set(l.Transactions(), l.Frauds(), l.EventTime())
		case err := <-failed:
			if err != nil {
				cancel()
				<-done
				return err
			}
			failed = nil
		case err := <-done:
			r.progress.set(l.Transactions(), l.Frauds(), l.EventTime())
			return err
		}
	}
}

// export shows a live run's counters on the admin port.
func export(m *daemon.Metrics, l *Live) {
	m.Gauge("skimwatch_simulator_transactions", func() float64 { return float64(l.Transactions()) })
	m.Gauge("skimwatch_simulator_frauds", func() float64 { return float64(l.Frauds()) })
	m.Gauge("skimwatch_simulator_behind_seconds", func() float64 { return l.Behind().Seconds() })
}
