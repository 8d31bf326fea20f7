// Package topics looks after Kafka's topics by hand: it creates them and shows what is in them.
package topics

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
)

// patience is how long a broker may take to answer a command.
const patience = 30 * time.Second

// DefaultPartitions is how many partitions a topic gets.
const DefaultPartitions = 4

// Command returns skimwatch topics.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "topics", Short: "Create the Kafka topics"}
	cmd.AddCommand(createCommand())
	return cmd
}

func createCommand() *cobra.Command {
	var partitions int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create the topics that are missing",
		Long: `Creates ` + strings.Join(kafka.Topics(), ", ") + `
where they are missing. Topics that exist are left as they are, also their number of partitions.`,
		Example: `  skimwatch topics create --kafka localhost:9092
  skimwatch topics create --kafka localhost:9092 --partitions 8 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if partitions < 1 {
				return daemon.Usage(fmt.Errorf("--partitions %d: at least 1 is needed", partitions))
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), patience)
			defer cancel()
			b, err := connect(ctx, cmd)
			if err != nil {
				return err
			}
			defer b.Close()
			created, err := b.CreateTopics(ctx, partitions)
			if err != nil {
				return err
			}
			return tellCreated(ctx, cmd, b, created, asJSON)
		},
	}
	cmd.Flags().IntVar(&partitions, "partitions", DefaultPartitions, "partitions of each new topic")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one object {topics: [{name, partitions, created}]}")
	return cmd
}

// connect returns the broker that is set once it answers.
func connect(ctx context.Context, cmd *cobra.Command) (*kafka.Broker, error) {
	addrs, err := settings.Of(cmd).Need(settings.Kafka)
	if err != nil {
		return nil, err
	}
	b := kafka.New(addrs)
	if b.Log, err = settings.Logger(cmd); err != nil {
		return nil, err
	}
	if err := b.Ping(ctx); err != nil {
		b.Close()
		return nil, daemon.Unavailable(fmt.Errorf("%w; start Kafka or give its address with --kafka (now %s)", err, addrs))
	}
	return b, nil
}

// topic is one topic as the command tells of it.
type topic struct {
	Name       string `json:"name"`
	Partitions int    `json:"partitions"`
	Created    bool   `json:"created"`
}

func tellCreated(ctx context.Context, cmd *cobra.Command, b *kafka.Broker, created []string, asJSON bool) error {
	var all []topic
	for _, name := range kafka.Topics() {
		n, err := b.Partitions(ctx, name)
		if err != nil {
			return err
		}
		all = append(all, topic{name, n, slices.Contains(created, name)})
	}
	out := cmd.OutOrStdout()
	if asJSON {
		return json.NewEncoder(out).Encode(map[string][]topic{"topics": all})
	}
	for _, t := range all {
		word := "exists "
		if t.Created {
			word = "created"
		}
		fmt.Fprintf(out, "%s  %-24s  %d partitions\n", word, t.Name, t.Partitions)
	}
	return nil
}
