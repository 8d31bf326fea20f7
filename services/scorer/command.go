package scorer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"skimwatch/models/registry"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// options are the flags of the command.
type options struct {
	group, model, rules string
	every               time.Duration
}

// Command returns skimwatch score. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "score",
		Short: "Run the engine: score every transaction on Kafka and raise alerts",
		Long: `Reads transactions, writes transactions.by-atm, scores, alerts and the dead letters, and keeps its state as checkpoints in the
blob store. It needs Kafka with its topics, and the blob store. Several processes with one --group share the partitions; what one
of them did since its last checkpoint is replayed by whoever takes over.

A broker that is down is waited for. A model that is promoted is taken over at the next checkpoint, without a restart.`,
		Example: `  skimwatch score --kafka localhost:9092 --blob file:///var/lib/skimwatch
  skimwatch score --model fraud/7 --admin 127.0.0.1:9100 --kafka localhost:9092 --blob ./blob`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.group, "group", DefaultGroup, "consumer `GROUP`: its members share the partitions and the checkpoints")
	f.StringVar(&o.model, "model", string(registry.Champion), "registry version (fraud/7) or alias `REF`; an alias is followed when it moves")
	f.StringVar(&o.rules, "rules", "", "rules `FILE`; refused, as this version has built-in rules only")
	f.DurationVar(&o.every, "checkpoint-every", 5*time.Second, "longest `TIME` between checkpoints of a partition that has work")
	settings.BindAdmin(cmd)
	return cmd
}

func (o *options) run(cmd *cobra.Command) error {
	switch {
	case o.rules != "":
		return daemon.Usage(fmt.Errorf("--rules %s: this version has built-in rules only; leave --rules away to use them", o.rules))
	case o.every <= 0:
		return daemon.Usage(fmt.Errorf("--checkpoint-every %s is not above zero", o.every))
	case o.group == "":
		return daemon.Usage(errors.New("--group is empty"))
	}
	log, err := settings.Logger(cmd)
	if err != nil {
		return err
	}
	return daemon.Run(cmd.Context(), log, func(ctx context.Context) error {
		return o.serve(ctx, cmd, log)
	})
}

// serve answers on the admin port and scores until ctx ends or one of them fails.
func (o *options) serve(ctx context.Context, cmd *cobra.Command, log *slog.Logger) error {
	admin, status := daemon.NewAdmin(), NewStatus()
	var broker atomic.Pointer[kafka.Broker]
	admin.Ready("kafka", func(ctx context.Context) error {
		if b := broker.Load(); b != nil {
			return b.Ping(ctx)
		}
		return errors.New("not reached yet")
	})
	g, ctx := errgroup.WithContext(ctx)
	if err := settings.ServeAdmin(ctx, cmd, admin, g.Go); err != nil {
		return err
	}
	g.Go(func() error {
		c, err := o.connect(ctx, cmd, log)
		if err != nil {
			return err
		}
		defer c.Broker.Close()
		c.Status = status
		broker.Store(c.Broker)
		g.Go(func() error { return Export(ctx, admin.Metrics, status, c.Broker) })
		log.Info("scoring", "group", o.group, "kafka", c.Broker.Addrs(), "model", c.Models.Current().Name)
		return New(c).Run(ctx)
	})
	return g.Wait()
}

// connect opens what a scorer needs.
func (o *options) connect(ctx context.Context, cmd *cobra.Command, log *slog.Logger) (Config, error) {
	c := Config{Group: o.group, CheckpointEvery: o.every, Log: log}
	config, open := settings.Of(cmd), wiring.Opener{Log: log, Service: true}
	blobs, err := open.Blobs(config.Get(settings.Blob))
	if err != nil {
		return c, err
	}
	c.Checkpoints = Checkpoints{Blobs: blobs, Group: o.group}
	if c.Models, err = NewModels(ctx, registry.New(blobs), o.model); err != nil {
		return c, modelError(err)
	}
	if c.Models.Current().Model == nil {
		log.Warn("there is no " + o.model + " yet: the rules decide alone until one is promoted (skimwatch train --register)")
	}
	c.Broker, err = open.Broker(ctx, config.Get(settings.Kafka))
	return c, err
}

// modelError says what to do about a model that cannot be used.
func modelError(err error) error {
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return daemon.Usage(fmt.Errorf("%w; skimwatch models list shows what there is", err))
	case errors.Is(err, registry.ErrFeatureSet):
		return daemon.Usage(fmt.Errorf("%w with skimwatch train --register, or promote another with skimwatch models promote", err))
	}
	return err
}
