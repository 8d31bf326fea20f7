package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/setup"
)

// defaultSpeed lets a simulated day pass in 72 seconds: about a hundred transactions a second by day, and some alerts a minute.
const defaultSpeed = 1200

// Command is skimwatch demo.
func Command() *cobra.Command {
	var o Options
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
	setup.BindWorld(cmd, &o.Setup)
	f.Float64Var(&o.Speed, "speed", defaultSpeed, "how much faster than the clock simulated time runs")
	f.DurationVar(&o.Duration, "duration", 0, "end by itself after this long (default: run until Ctrl-C)")
	f.BoolVar(&o.JSON, "json", false, "write events as NDJSON to standard output: ready, then summary")
	return cmd
}

func (o Options) run(cmd *cobra.Command) error {
	if err := o.check(); err != nil {
		return daemon.Usage(err)
	}
	for _, server := range []string{settings.Kafka, settings.Redis, settings.Database, settings.Blob} {
		if f := cmd.Flags().Lookup(server); f != nil && f.Changed {
			return daemon.Usage(fmt.Errorf("--%s %s: the demo starts servers of its own; skimwatch setup, score, archive, dashboard and simulate run on yours", server, f.Value))
		}
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
	if err := o.Setup.Check(); err != nil {
		return err
	}
	switch {
	case !(o.Speed > 0 && o.Speed <= 1e6):
		return fmt.Errorf("--speed %g is not between 0 and 1,000,000", o.Speed)
	case o.Duration < 0 || o.Duration > 0 && o.Duration < time.Second:
		return fmt.Errorf("--duration %s is shorter than a second", o.Duration)
	}
	return nil
}
