// Package demo runs the whole of skimwatch in one process with nothing installed: embedded servers, a simulated history, a
// model trained on it, the live stream, the engine, the sinks and the dashboard, wired as in production through the same
// clients.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/models/registry"
	"skimwatch/services/archiver"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/meter"
	"skimwatch/services/scorer"
	"skimwatch/services/setup"
	live "skimwatch/services/simulator"
	"skimwatch/simulator"
)

// Options are the demo's flags.
type Options struct {
	DataDir  string
	Listen   string // address of the dashboard; without a host it is loopback
	Setup    setup.Options
	Speed    float64       // event time against the wall clock
	Duration time.Duration // 0: until ctx ends
	JSON     bool          // stdout is NDJSON
	Out, Err io.Writer
	Log      *slog.Logger
}

// demo is one run.
type demo struct {
	Options
	began   time.Time
	console *console
	servers *servers
	world   setup.World
	meter   *meter.Meter
	listen  net.Listener
}

// Run runs the demo until ctx ends, the duration is over or something fails, then drains it and tells what happened.
func Run(ctx context.Context, o Options) error {
	d := &demo{Options: o, began: time.Now(), console: newConsole(o.Err)}
	unlock, err := lock(o.DataDir)
	if err != nil {
		return err
	}
	defer unlock()
	if d.listen, err = listen(o.Listen); err != nil {
		return err
	}
	defer d.listen.Close()
	if d.servers, err = startServers(ctx, o.DataDir); err != nil {
		return err
	}
	defer d.servers.close()
	if err := d.prepare(ctx); err != nil {
		return err
	}
	return d.stream(ctx)
}

// prepare sets the system up and trains the first champion, both only where that has not happened.
func (d *demo) prepare(ctx context.Context) (err error) {
	s := setup.System{Broker: d.servers.broker, History: d.servers.history, Blobs: d.servers.blobs, Log: d.Log}
	d.world, err = setup.Run(ctx, s, d.Setup, d.console.progress)
	if err != nil {
		return err
	}
	champion, err := setup.Champion(ctx, s, d.world, d.console.progress)
	if err != nil {
		return err
	}
	d.console.done(setup.Decides(champion))
	debug.FreeOSMemory() // the training set is gone, and nothing as large comes again
	return nil
}

// stream runs the live system.
func (d *demo) stream(ctx context.Context) (err error) {
	if d.meter, err = meter.New(ctx, d.servers.broker); err != nil {
		return err
	}
	models, err := scorer.NewModels(ctx, registry.New(d.servers.blobs), string(registry.Champion))
	if err != nil {
		return err
	}
	sim, err := d.simulator()
	if err != nil {
		return err
	}
	source, stopSource := context.WithCancel(ctx)
	defer stopSource()
	// The rest outlives ctx by the drain.
	rest, stopRest := context.WithCancel(context.WithoutCancel(ctx))
	defer stopRest()
	services, rest := errgroup.WithContext(rest)
	engine := scorer.New(scorer.Config{Broker: d.servers.broker, Checkpoints: scorer.Checkpoints{Blobs: d.servers.blobs, Group: scorer.DefaultGroup},
		Models: models, Group: scorer.DefaultGroup, CheckpointEvery: 2 * time.Second, Log: d.Log})
	sinks := archiver.Archiver{Broker: d.servers.broker, History: d.servers.history, Past: d.servers.history, Live: d.servers.live, Log: d.Log}
	for name, run := range map[string]func(context.Context) error{"meter": d.meter.Run, "engine": engine.Run, "sinks": sinks.Run, "dashboard": d.dashboard} {
		services.Go(func() error { return d.stopped(rest, name, run(rest)) })
	}
	simulated := make(chan error, 1)
	go func() { simulated <- sim.Run(source) }()

	err = d.watch(rest, source, simulated)
	stopSource()
	if err == nil {
		err = <-simulated
	}
	if err == nil {
		err = d.drain(rest)
	}
	stopRest()
	if failed := services.Wait(); err == nil || errors.Is(err, context.Canceled) {
		err = failed
	}
	if err != nil {
		return err
	}
	return d.summary(context.WithoutCancel(ctx))
}

// stopped makes the end of a service an error unless it was asked to end.
func (d *demo) stopped(ctx context.Context, name string, err error) error {
	if errors.Is(err, scorer.ErrState) {
		return daemon.Usage(fmt.Errorf("%w; the data folder %s is of another version: choose another with --data-dir", err, d.DataDir))
	}
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil
	}
	if err == nil {
		err = errors.New("ended by itself")
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (d *demo) simulator() (*live.Live, error) {
	world, err := simulator.New(d.world.Simulator)
	if err != nil {
		return nil, err
	}
	return &live.Live{World: world, Log: d.servers.broker, Pace: live.Pace{Speed: d.Speed}, First: d.world.Deliveries, Tell: d.Log}, nil
}

// watch tells how the run is going until it shall end: the duration is over, source is done, or a service or the simulator
// failed.
func (d *demo) watch(services, source context.Context, simulated chan error) error {
	var over <-chan time.Time
	if d.Duration > 0 {
		t := time.NewTimer(d.Duration - time.Since(d.began))
		defer t.Stop()
		over = t.C
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return nil
		case <-source.Done():
			return nil
		case <-services.Done():
			return services.Err()
		case err := <-simulated:
			simulated <- err
			if err == nil {
				err = errors.New("ended by itself")
			}
			return fmt.Errorf("simulator: %w", err)
		case <-tick.C:
			if err := d.tell(services); err != nil {
				d.Log.Debug("no figures", "error", err)
			}
		}
	}
}

// drainLimit is how long a drain waits for what is still on its way.
const drainLimit = 20 * time.Second

// drain waits until everything produced is answered and archived.
func (d *demo) drain(ctx context.Context) error {
	d.console.stage("draining")
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	for {
		c, err := d.meter.Counts(ctx)
		if err != nil {
			return err
		}
		archived, err := d.archived(ctx)
		if err != nil {
			return err
		}
		if c.Scored+c.DeadLettered == c.Transactions && archived {
			return nil
		}
		select {
		case <-ctx.Done():
			d.Log.Warn("drain ended early; what is left is done at the next start", "transactions", c.Transactions, "scored", c.Scored, "dead_lettered", c.DeadLettered, "archived", archived)
			return nil
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// archived says whether the sinks have taken everything that lies on their topics.
func (d *demo) archived(ctx context.Context) (bool, error) {
	topics := []string{kafka.Scores, kafka.Alerts, kafka.Labels, kafka.DeadLetters}
	committed, err := d.servers.broker.Committed(ctx, archiver.HistoryGroup, topics)
	if err != nil {
		return false, err
	}
	for _, topic := range topics {
		_, end, err := d.servers.broker.Offsets(ctx, topic)
		if err != nil {
			return false, err
		}
		for p := range end {
			if end[p] > max(0, committed[topic][p]) {
				return false, nil
			}
		}
	}
	return true, nil
}
