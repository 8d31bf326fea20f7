package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
)

// Command returns skimwatch doctor. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at every dependency and say what is wrong",
		Long: `Looks at Kafka, its topics and how far the readers are behind, at Redis, the database, the blob store and the champion model,
and says what to do next where something is wrong. What is not set is passed over. Exit codes: 0 all that is set can be used,
3 something is down or not there, 4 something answers but cannot be used as it is, 2 nothing is set.`,
		Example: `  skimwatch doctor --kafka localhost:9092 --redis localhost:6379
  skimwatch doctor --json | jq -r '.findings[] | select(.state != "ok") | .next'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all := Examine(cmd.Context(), settings.Of(cmd))
			if err := write(cmd.OutOrStdout(), all, asJSON); err != nil {
				return err
			}
			return verdict(all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one object {ok, findings: [{name, state, detail, next}]}")
	return cmd
}

func write(out io.Writer, all []Finding, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(struct {
			OK       bool      `json:"ok"`
			Findings []Finding `json:"findings"`
		}{verdict(all) == nil, all})
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\n", f.State, f.Name, f.Detail)
		if f.Next != "" {
			fmt.Fprintf(t, "\t\tnext: %s\n", f.Next)
		}
	}
	return t.Flush()
}

// verdict turns findings into the error, and so the exit code, of the command.
func verdict(all []Finding) error {
	given := 0
	for _, f := range all {
		if f.State != Unset {
			given++
		}
	}
	switch worst := Worst(all); {
	case given == 0:
		return daemon.Usage(errors.New("nothing is set, so there is nothing to look at: give addresses, or run skimwatch demo, which needs none"))
	case worst == Down:
		return daemon.Unavailable(errors.New("a dependency is down"))
	case worst == Wrong:
		return daemon.Failed(errors.New("a dependency cannot be used as it is"))
	}
	return nil
}
