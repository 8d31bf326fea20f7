package topics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
)

// named are the topics that can be shown, by the word that the command takes.
func named() (words []string, topics []string) {
	return []string{"transactions", "scores", "alerts", "labels", "dead-letters"},
		[]string{kafka.Transactions, kafka.Scores, kafka.Alerts, kafka.Labels, kafka.DeadLetters}
}

// tail shows one topic.
type tail struct {
	topic     string
	fromStart bool
	untilEnd  bool
	count     int // 0: no limit
}

// TailCommand returns skimwatch tail.
func TailCommand() *cobra.Command {
	var t tail
	words, topics := named()
	cmd := &cobra.Command{
		Use:   "tail " + strings.Join(words, "|"),
		Short: "Show a topic as JSON lines",
		Long: `Prints the records of a topic, one JSON object {topic, partition, offset, key, time, value} per line, whatever the encoding on
the wire. time is when the record was written. Records of one partition come in order, partitions are mixed as they come.

value is the record itself; of scores it is the object that replay prints; of dead-letters it is {reason, partition, offset,
bytes, topic, key}: the place of the record that did not decode on its topic (transactions where none is named), its bytes in
base64, and its key where it had one. A record that is not valid JSON has the value null and its bytes in base64 in bytes.`,
		Example: `  skimwatch tail alerts --kafka localhost:9092
  skimwatch tail scores --from-start --until-end | jq -r '.value.score'
  skimwatch tail dead-letters --from-start --count 1 | jq -r '.value.bytes' | base64 -d`,
		ValidArgs: words,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(words, args[0]) {
				return fmt.Errorf("got %q, but it shows one of %s", args, strings.Join(words, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			t.topic = topics[slices.Index(words, args[0])]
			return t.run(cmd)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&t.fromStart, "from-start", false, "begin at the first record that is kept, not at new ones")
	f.BoolVar(&t.untilEnd, "until-end", false, "stop at the records that were there at the start")
	f.IntVar(&t.count, "count", 0, "stop after so many records")
	return cmd
}

func (t *tail) run(cmd *cobra.Command) error {
	if cmd.Flags().Changed("count") && t.count < 1 {
		return daemon.Usage(fmt.Errorf("--count %d: at least 1 is needed", t.count))
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	connecting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	b, err := connect(connecting, cmd)
	if err != nil {
		return err
	}
	defer b.Close()
	first, end, err := b.Offsets(connecting, t.topic)
	if missing := (*kafka.MissingTopics)(nil); errors.As(err, &missing) {
		return daemon.Unavailable(err)
	}
	if err != nil {
		return err
	}
	err = t.read(ctx, b, first, end, newPrinter(cmd.OutOrStdout(), t.topic, t.count))
	if errors.Is(err, errEnough) || errors.Is(err, syscall.EPIPE) || ctx.Err() != nil && cmd.Context().Err() == nil {
		return nil
	}
	return err
}

// read prints every partition until it ends, ctx ends, or the printer has enough.
func (t *tail) read(ctx context.Context, b *kafka.Broker, first, end []int64, p *printer) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := range first {
		from := end[i]
		if t.fromStart {
			from = first[i]
		}
		g.Go(func() error {
			if t.untilEnd {
				return b.ReadTo(ctx, t.topic, i, from, end[i], p.print)
			}
			return b.Read(ctx, t.topic, i, from, p.print)
		})
	}
	return g.Wait()
}
