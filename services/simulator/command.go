package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/simulator"
)

// onKafka is what --out and --labels call the broker.
const onKafka = "kafka"

// unpacedDays is how long a run is that has no pace and was given no length.
const unpacedDays = 30

// options are the flags of the command.
type options struct {
	world    simulator.Config
	start    string
	pace     Pace
	out      string
	labels   string
	progress bool
	onward   bool // go on where the history of a set-up ends
}

// Command returns skimwatch simulate, with simulate scenarios below it. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	o := &options{}
	cmd := &cobra.Command{
		Use:   "simulate --out FILE|kafka",
		Short: "Let a world of ATMs, customers and thieves happen, into a file or onto Kafka",
		Long: `Gives the transactions of an invented world of cash machines, customers and thieves: the same bytes for the same seed. The
truth about each fraud goes to --labels, never into a transaction.

Into a file transactions come as fast as they can be written, or at a pace; NDJSON, or CSV by the ending .csv, packed by .gz or
.zst, and - is standard output. Onto Kafka a run that is started again with the same flags goes on where the topic ends, and a
broker that is down is waited for. With --continue it is the world of skimwatch setup, from where its history ends.`,
		Example: `  skimwatch simulate --days 30 --out history.ndjson.zst --labels labels.ndjson
  skimwatch simulate --cards 20000 --atms 800 --days 7 --out week.csv
  skimwatch simulate --scenarios skimming,relay --days 3 --out - | head
  skimwatch simulate --out kafka --speed 600 --kafka localhost:9092
  skimwatch simulate --continue --out kafka --speed 60 --kafka localhost:9092 --blob ./blob`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.bind(cmd)
	cmd.AddCommand(scenariosCommand())
	return cmd
}

func (o *options) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Uint64Var(&o.world.Seed, "seed", 1, "`N`: the same seed gives the same world")
	f.IntVar(&o.world.Cards, "cards", 5000, "`N` cards in use")
	f.IntVar(&o.world.ATMs, "atms", 300, "`N` cash machines")
	f.StringVar(&o.start, "start", "2026-01-05T00:00:00Z", "event `TIME` at which the world begins, RFC 3339")
	f.IntVar(&o.world.Days, "days", 0, "length in `N` days, 0 for ever (default 30; with --rate or --speed for ever)")
	f.Float64Var(&o.world.FraudRate, "fraud-rate", 0.003, "`SHARE` of transactions that are fraud, at most 0.5")
	f.StringSliceVar(&o.world.Scenarios, "scenarios", nil, "frauds that happen, `a,b` (default all; see simulate scenarios)")
	f.BoolVar(&o.world.Disorder, "disorder", false, "late, out-of-order and duplicated events, terminals that store and forward, clocks that are off")
	f.StringVar(&o.out, "out", "", "where transactions go: `FILE`, - or kafka")
	f.StringVar(&o.labels, "labels", "", "where labels go: NDJSON `FILE`, - or kafka (default kafka with --out kafka, else nowhere)")
	f.Float64Var(&o.pace.Rate, "rate", 0, "`N` transactions per second (default as fast as possible)")
	f.Float64Var(&o.pace.Speed, "speed", 0, "`X` seconds of event time per second (default as fast as possible)")
	f.BoolVar(&o.onward, "continue", false, "with --out kafka: go on where the history of skimwatch setup ends, which lies in --blob")
	f.BoolVar(&o.progress, "progress", true, "tell on standard error how far the run is")
	settings.BindAdmin(cmd)
}

func (o *options) run(cmd *cobra.Command) error {
	if err := o.check(cmd); err != nil {
		return daemon.Usage(err)
	}
	log, err := settings.Logger(cmd)
	if err != nil {
		return err
	}
	return daemon.Run(cmd.Context(), log, func(ctx context.Context) error {
		r := run{options: o, cmd: cmd, log: log, progress: newProgress(cmd.ErrOrStderr(), o.world.Start, o.world.Days, !o.progress)}
		return r.do(ctx)
	})
}

// check completes the options and says what is wrong with them.
func (o *options) check(cmd *cobra.Command) error {
	if err := o.checkContinue(cmd.Flags().Changed); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, o.start)
	if err != nil {
		return fmt.Errorf("--start %q is not an RFC 3339 time such as 2026-01-05T00:00:00Z", o.start)
	}
	if err := o.pace.Check(); err != nil {
		return err
	}
	o.world.Start = atm.TimeOf(t)
	if !cmd.Flags().Changed("days") && !o.pace.Paced() {
		o.world.Days = unpacedDays
	}
	w := &o.world
	switch {
	case w.Start <= 0:
		return fmt.Errorf("--start %q is not after 1970", o.start)
	case w.Cards == 0 || w.ATMs == 0: // zero would mean the default, here and below
		return fmt.Errorf("--cards %d and --atms %d must both be at least 1", w.Cards, w.ATMs)
	case w.Seed == 0:
		return errors.New("--seed 0: seeds begin at 1")
	case w.FraudRate < 0:
		return fmt.Errorf("--fraud-rate %v is negative", w.FraudRate)
	case w.FraudRate == 0:
		w.FraudRate = -1
	}
	if err := w.Check(); err != nil {
		return err
	}
	return o.places()
}

// places says what is wrong with where things are to go.
func (o *options) places() error {
	if o.out == "" {
		return errors.New("--out is not set: give a file, - or kafka")
	}
	if o.labels == "" && o.out == onKafka {
		o.labels = onKafka
	}
	if o.labels == o.out && o.out != onKafka {
		return fmt.Errorf("--out and --labels are both %q: give them two places", o.out)
	}
	return nil
}
