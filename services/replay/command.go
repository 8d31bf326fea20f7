package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/score"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/settings"
)

// options are the flags of the command.
type options struct {
	in, labels, model, rules, out, dead string
}

// Command returns skimwatch replay.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "replay --in FILE --out FILE",
		Short: "Score a file of transactions with the engine, without a broker",
		Long: `Runs the engine of the services over a file of transactions in this process and writes one JSON object per transaction, in
input order: {id, score, decision, threshold, reasons, features, model}. Nothing else has to run.

Files are NDJSON or CSV, .gz and .zst are packed, - is standard input or output. Lines that hold no transaction go to
--dead-letter as {line, reason, bytes}; without it they are told on standard error. They do not end the replay.`,
		Example: `  skimwatch simulate --days 7 --out tx.ndjson.gz --labels labels.ndjson
  skimwatch replay --in tx.ndjson.gz --labels labels.ndjson --out scores.ndjson
  skimwatch replay --in tx.ndjson.gz --model champion --blob ./data/blob --out - | head -1`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.in, "in", "", "transactions, NDJSON or CSV `FILE`")
	f.StringVar(&o.labels, "labels", "", "labels, NDJSON `FILE`: measures precision and recall")
	f.StringVar(&o.model, "model", "", "`REF`: a model file, registry version (fraud/7) or alias (champion); rules alone if not given")
	f.StringVar(&o.rules, "rules", "", "rules `FILE`; refused, as this version has built-in rules only")
	f.StringVar(&o.out, "out", "", "answers, NDJSON `FILE`")
	f.StringVar(&o.dead, "dead-letter", "", "malformed lines, NDJSON `FILE`")
	cmd.MarkFlagRequired("in")
	cmd.MarkFlagRequired("out")
	return cmd
}

func (o *options) run(cmd *cobra.Command) error {
	if o.rules != "" {
		return daemon.Usage(fmt.Errorf("--rules %s: this version has built-in rules only; leave --rules away to use them", o.rules))
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	v, err := Model(ctx, o.model, func() (string, error) { return settings.Of(cmd).Need(settings.Blob) })
	if err != nil {
		return err
	}
	c := Config{In: o.in, Out: o.out, Model: v}
	tell := cmd.ErrOrStderr()
	var truth *Truth
	if o.labels != "" {
		if truth, err = ReadTruth(o.labels); err != nil {
			return input(err)
		}
		c.Each = truth.See
	}
	sum, err := o.replay(ctx, c, tell)
	if err != nil {
		return err
	}
	report(tell, sum, v)
	if truth != nil {
		reportTruth(tell, truth.Tell(v.Threshold))
	}
	return nil
}

// replay runs with the dead letters and the progress in place.
func (o *options) replay(ctx context.Context, c Config, tell io.Writer) (sum Summary, err error) {
	l := letters{tell: tell}
	if o.dead != "" {
		if l.out, err = file.Create(o.dead); err != nil {
			return sum, err
		}
		defer l.abort()
	}
	p := progress{to: tell, live: daemon.Terminal(tell)}
	c.Dead, c.OnProgress = l.take, p.show
	sum, err = Run(ctx, c)
	p.end()
	if ctx.Err() != nil {
		return sum, fmt.Errorf("interrupted after %d transactions; %s was not written", sum.Transactions, c.Out)
	}
	if err != nil {
		return sum, input(err)
	}
	return sum, l.close()
}

// input marks a file that is not there, or holds something else, as the caller's mistake.
func input(err error) error {
	if _, wrong := file.BadLine(err); wrong || errors.Is(err, fs.ErrNotExist) {
		return daemon.Usage(err)
	}
	return err
}

// progress tells how far a replay is, once it takes longer than a person likes to wait.
type progress struct {
	to    io.Writer
	live  bool // a terminal, where a line can be written over
	told  time.Duration
	begun bool
}

func (p *progress) show(s Summary) {
	pause := 10 * time.Second
	if p.live {
		pause = time.Second
	}
	if s.Took < 2*time.Second || p.begun && s.Took-p.told < pause {
		return
	}
	begin, end := "", "\n"
	if p.live {
		begin, end = "\r\x1b[K", ""
	}
	fmt.Fprintf(p.to, "%s%d transactions, %d alerts, %.0f/s%s", begin, s.Transactions, s.Alerts, s.PerSecond(), end)
	p.told, p.begun = s.Took, true
}

// end clears the line.
func (p *progress) end() {
	if p.live && p.begun {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// report tells what was done.
func report(to io.Writer, s Summary, v score.Version) {
	model := v.Name
	if v.Model == nil {
		model = "none, the rules decide alone"
	}
	fmt.Fprintf(to, "%d transactions in %.1f s (%.0f/s), %d alerts; model: %s\n", s.Transactions, s.Took.Seconds(), s.PerSecond(), s.Alerts, model)
	if s.Transactions > 0 {
		fmt.Fprintf(to, "event time %s to %s; %d late, %d duplicate, %d future-dated\n", s.First, s.Last, s.Late, s.Duplicates, s.Future)
	}
	if s.Malformed > 0 {
		fmt.Fprintf(to, "%d malformed lines were not scored\n", s.Malformed)
	}
}

// reportTruth tells how well the answers fit the labels.
func reportTruth(to io.Writer, t Told) {
	fmt.Fprintf(to, "against the labels: precision %.3f, recall %.3f, average precision %.3f (%d alerts, %d frauds)\n", t.Precision, t.Recall, t.AveragePrecision, t.Alerts, t.Frauds)
	if t.Elsewhere > 0 {
		fmt.Fprintf(to, "%d labelled frauds are not among the transactions and were left out\n", t.Elsewhere)
	}
}
