package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/simulator"
)

// Defaults of the demo: enough cards for a few transactions a second of the wall clock, enough history to learn from.
const (
	defaultCards = 5000
	defaultATMs  = 300
	defaultDays  = 45
	defaultSpeed = 600
	partitions   = 4
)

// start is when the simulated history begins: Monday, 2026-01-05.
const start = 1_767_571_200 * atm.Second

// Command is skimwatch demo.
func Command() *cobra.Command {
	o := Options{World: simulator.Config{Start: start}, Partitions: partitions}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole system in this process, with nothing installed",
		Long: `Starts embedded servers that speak the protocols of Kafka and Redis and an SQLite history, simulates some weeks of ATM
transactions, trains a model on them, then lets the simulation go on live, faster than the clock, and scores every
transaction. Prints the dashboard's address and a link that signs you in. Ctrl-C drains and ends; started again with
the same --data-dir it continues where it was.`,
		Example: `  skimwatch demo
  skimwatch demo --duration 90s --json
  skimwatch demo --speed 3600 --cards 20000 --data-dir /tmp/busy`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.DataDir, "data-dir", "data", "`folder` that keeps everything; the same one continues")
	f.StringVar(&o.Listen, "listen", ":8080", "`address` of the dashboard; without a host it is loopback")
	f.Uint64Var(&o.World.Seed, "seed", 1, "of the simulated world")
	f.IntVar(&o.World.Cards, "cards", defaultCards, "number of cards")
	f.IntVar(&o.World.ATMs, "atms", defaultATMs, "number of ATMs")
	f.IntVar(&o.Days, "days", defaultDays, "days of history to begin with")
	f.Float64Var(&o.Speed, "speed", defaultSpeed, "how much faster than the clock simulated time runs")
	f.DurationVar(&o.Duration, "duration", 0, "end by itself after this long (default: run until Ctrl-C)")
	f.BoolVar(&o.JSON, "json", false, "write events as NDJSON to standard output: ready, then summary")
	return cmd
}

func (o Options) run(cmd *cobra.Command) error {
	if err := o.check(); err != nil {
		return daemon.Usage(err)
	}
	level := settings.Of(cmd)[settings.LogLevel]
	if level.Origin == "default" {
		level.Value = "warn" // the stages and figures tell the rest
	}
	log, err := daemon.NewLogger(cmd.ErrOrStderr(), level.Value)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	o.Out, o.Err, o.Log = cmd.OutOrStdout(), cmd.ErrOrStderr(), log
	return daemon.Run(cmd.Context(), log, func(ctx context.Context) error { return Run(ctx, o) })
}

func (o Options) check() error {
	o.World.Days = 0
	if err := o.World.Check(); err != nil {
		return err
	}
	switch {
	case o.Days < 7 || o.Days > 3650:
		return fmt.Errorf("--days %d is not between 7 and 3650: a model needs at least a week to learn from", o.Days)
	case !(o.Speed > 0 && o.Speed <= 1e6):
		return fmt.Errorf("--speed %g is not between 0 and 1,000,000", o.Speed)
	case o.Duration < 0 || o.Duration > 0 && o.Duration < time.Second:
		return fmt.Errorf("--duration %s is shorter than a second", o.Duration)
	}
	return nil
}
