package setup

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/scorer"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// Defaults of a simulated system: enough cards for a few transactions a minute of event time, enough history to learn from.
const (
	Cards      = 5000
	ATMs       = 300
	Days       = 45
	Partitions = 4
)

// Start is when a simulated history begins: Monday, 2026-01-05.
const Start = 1_767_571_200 * atm.Second

// BindWorld makes the flags that choose a world. The demo has them too.
func BindWorld(cmd *cobra.Command, o *Options) {
	o.Simulator.Start, o.Partitions, o.Group = Start, Partitions, scorer.DefaultGroup
	f := cmd.Flags()
	f.Uint64Var(&o.Simulator.Seed, "seed", 1, "of the simulated world")
	f.IntVar(&o.Simulator.Cards, "cards", Cards, "number of cards")
	f.IntVar(&o.Simulator.ATMs, "atms", ATMs, "number of ATMs")
	f.IntVar(&o.Days, "days", Days, "days of history to begin with")
}

// Check says what is wrong with the options: it names the flag, its value and what is allowed.
func (o Options) Check() error {
	if err := o.Simulator.Check(); err != nil {
		return err
	}
	if o.Days < 7 || o.Days > 3650 {
		return fmt.Errorf("--days %d is not between 7 and 3650: a model needs at least a week to learn from", o.Days)
	}
	if o.Partitions < 1 || o.Partitions > 256 {
		return fmt.Errorf("--partitions %d is not between 1 and 256", o.Partitions)
	}
	return nil
}

// Command returns skimwatch setup. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	var o Options
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Make an empty system ready: tables, topics, a simulated history, a first model",
		Long: `Brings the database's tables up to date, creates the topics that are missing, stores a simulated history, leaves the engine's
state at the end of that history as its first checkpoints, and trains and registers a first champion. What is there already is
left as it is, so it can run before every start.`,
		Example: `  skimwatch setup --kafka localhost:9092 --database sqlite:history.db --blob ./blob
  skimwatch setup --days 90 --cards 20000 --kafka localhost:9092 --database postgres://skimwatch@localhost/skimwatch --blob ./blob`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	BindWorld(cmd, &o)
	cmd.Flags().IntVar(&o.Partitions, "partitions", Partitions, "partitions of each topic")
	return cmd
}

func (o Options) run(cmd *cobra.Command) error {
	if err := o.Check(); err != nil {
		return daemon.Usage(err)
	}
	log, err := settings.Logger(cmd)
	if err != nil {
		return err
	}
	return daemon.Run(cmd.Context(), log, func(ctx context.Context) error {
		config, open := settings.Of(cmd), wiring.Opener{Log: log, Service: true, Create: true}
		blobs, err := open.Blobs(config.Get(settings.Blob))
		if err != nil {
			return err
		}
		store, err := open.History(ctx, config.Get(settings.Database))
		if err != nil {
			return err
		}
		defer store.Close()
		broker, err := open.BareBroker(ctx, config.Get(settings.Kafka))
		if err != nil {
			return err
		}
		defer broker.Close()
		s := System{Broker: broker, History: store, Blobs: blobs, Log: log}
		tell := lines(cmd.ErrOrStderr())
		w, err := Run(ctx, s, o, tell)
		if err != nil {
			return err
		}
		champion, err := Champion(ctx, s, w, tell)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "ready: %d days of history up to %s, %s\n", w.Days, w.End, Decides(champion))
		return err
	})
}

// Decides says who decides, given the champion's version or none.
func Decides(champion string) string {
	if champion == "" {
		return "no model yet: the rules decide alone"
	}
	return "model " + champion + " decides"
}

// lines tells of a stage when it begins and then every five seconds.
func lines(w io.Writer) Progress {
	var stage string
	var told time.Time
	return func(name string, done, total int64) {
		if name == stage && time.Since(told) < 5*time.Second {
			return
		}
		stage, told = name, time.Now()
		if total > 0 && done > 0 {
			fmt.Fprintf(w, "%s: %d %%\n", name, 100*done/total)
			return
		}
		fmt.Fprintf(w, "%s\n", name)
	}
}
