// Package bench measures the engine and the pipeline, for the numbers in docs/benchmarks.md.
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
)

// setup is what every benchmark prints beside its figures.
type machine struct {
	Go    string `json:"go"`
	Arch  string `json:"arch"`
	Cores int    `json:"cores"`
}

func thisMachine() machine {
	return machine{runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, runtime.GOMAXPROCS(0)}
}

// Command returns skimwatch bench. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure the engine and the pipeline on this machine",
		Long: `Measures on this machine what docs/benchmarks.md says of another. A benchmark makes its own simulated transactions and trains its
own model first, which is not in the figures.`,
		Example: "  skimwatch bench engine\n  skimwatch bench pipeline --rate 2000 --json",
	}
	cmd.AddCommand(engineCommand(), pipelineCommand())
	return cmd
}

func engineCommand() *cobra.Command {
	e := Engine{}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "engine",
		Short: "In process: JSON in memory to decision, both stages, all features, rules and a forest, on one goroutine",
		Example: `  skimwatch bench engine
  skimwatch bench engine --cards 100000 --transactions 2000000 --trees 100`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if e.Cards < 100 || e.Transactions < 10_000 || e.Trees < 1 {
				return daemon.Usage(fmt.Errorf("%d cards, %d transactions and %d trees: at least 100, 10000 and 1 are needed", e.Cards, e.Transactions, e.Trees))
			}
			r, err := e.Run(cmd.Context(), cmd.ErrOrStderr())
			return show(cmd.OutOrStdout(), r, asJSON, err)
		},
	}
	f := cmd.Flags()
	f.IntVar(&e.Cards, "cards", 20_000, "number of cards")
	f.IntVar(&e.Transactions, "transactions", 500_000, "how many; the first fifth is warm-up")
	f.IntVar(&e.Trees, "trees", 50, "trees of the forest")
	f.BoolVar(&asJSON, "json", false, "print one object")
	return cmd
}

func pipelineCommand() *cobra.Command {
	p := Pipeline{}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "pipeline",
		Short: "Through a broker: open load at a fixed rate, both hops, until the answer can be read",
		Long: `Runs the engine against the broker of --kafka, or an embedded one in this process, lets the simulator produce at a fixed rate
whether the engine keeps up or not, and reads the answers as a consumer would. The latency is from just before a transaction is
written until its score, or its alert, was read. CPU is that of this process: engine, load, reader and, unless --kafka is given, broker.`,
		Example: "  skimwatch bench pipeline --rate 2000 --seconds 30\n  skimwatch bench pipeline --kafka localhost:9092 --rate 5000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.Rate <= 0 || p.Seconds < 5 || p.Cards < 100 {
				return daemon.Usage(errors.New("--rate must be above 0, --seconds at least 5 and --cards at least 100"))
			}
			log, err := daemon.NewLogger(cmd.ErrOrStderr(), "warn")
			if err != nil {
				return err
			}
			slog.SetDefault(log)
			p.Kafka, p.Log = settings.Of(cmd).Get(settings.Kafka), log
			return daemon.Run(cmd.Context(), log, func(ctx context.Context) error {
				r, err := p.Run(ctx, cmd.ErrOrStderr())
				return show(cmd.OutOrStdout(), r, asJSON, err)
			})
		},
	}
	f := cmd.Flags()
	f.Float64Var(&p.Rate, "rate", 2000, "transactions a second")
	f.IntVar(&p.Seconds, "seconds", 30, "how long; the first fifth is warm-up")
	f.IntVar(&p.Cards, "cards", 20_000, "number of cards")
	f.IntVar(&p.Trees, "trees", 50, "trees of the forest")
	f.BoolVar(&asJSON, "json", false, "print one object")
	return cmd
}

// result prints itself for people.
type result interface{ write(w io.Writer) error }

func show(w io.Writer, r result, asJSON bool, err error) error {
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	return r.write(w)
}

// stage tells what is being done, as it takes a while.
func stage(w io.Writer, format string, args ...any) func() {
	began := time.Now()
	fmt.Fprintf(w, format+" … ", args...)
	return func() { fmt.Fprintf(w, "%.1f s\n", time.Since(began).Seconds()) }
}
