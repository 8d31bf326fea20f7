package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
)

// episode is a row of the list: the alerts of one card that one decision answers.
type episode struct {
	ID       string            `json:"id"`
	Status   dashboards.Status `json:"status"`
	Owner    string            `json:"owner,omitempty"`
	Card     string            `json:"card"` // token
	Last4    string            `json:"last4,omitempty"`
	Score    float64           `json:"score"`
	Hits     int               `json:"hits"`
	First    atm.Time          `json:"first"`  // event time
	Last     atm.Time          `json:"last"`   // event time
	Raised   atm.Time          `json:"raised"` // processing time
	ATM      string            `json:"atm"`
	City     string            `json:"city,omitempty"`
	Country  string            `json:"country,omitempty"`
	Kind     string            `json:"kind"`
	Amount   int64             `json:"amount"` // minor units
	Currency string            `json:"currency,omitempty"`
	Reason   string            `json:"reason"` // the strongest
	Model    string            `json:"model"`
}

func episodeOf(e *dashboards.Episode) episode {
	top := &e.Top
	row := episode{
		ID: e.ID, Status: e.Status, Owner: e.Owner, Card: e.Card, Last4: e.Last4, Score: e.Score, Hits: e.Hits,
		First: e.First, Last: e.Last, Raised: e.Raised, ATM: top.ATM, City: top.City, Country: top.Country, Kind: top.Kind,
		Amount: top.Amount, Currency: top.Currency, Model: top.Model,
	}
	if len(top.Reasons) > 0 {
		row.Reason = top.Reasons[0].Text
	}
	return row
}

func listCommand() *cobra.Command {
	var f dashboards.Filter
	var status string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List episodes, the highest score first",
		Long: `Lists episodes: the alerts of one card that came while an earlier one was open, which one decision answers. The highest score
comes first.`,
		Example: `  skimwatch alerts list --database sqlite:history.db
  skimwatch alerts list --status any --limit 500 --json | jq -r '.[] | .id'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Status = dashboards.Status(status); status == "any" {
				f.Status = ""
			} else if !slices.Contains(statuses(), f.Status) {
				return daemon.Usage(fmt.Errorf("--status %q is not one of %q or any", status, statuses()))
			}
			if limit < 1 {
				return daemon.Usage(fmt.Errorf("--limit %d: at least 1 is needed", limit))
			}
			return withHistory(cmd, func(ctx context.Context, store *history.Store) error {
				list, err := store.Queue(ctx, f, dashboards.Cursor{}, limit)
				if err != nil {
					return err
				}
				rows := []episode{}
				for i := range list {
					rows = append(rows, episodeOf(&list[i]))
				}
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(rows)
				}
				return write(cmd.OutOrStdout(), rows)
			})
		},
	}
	cmd.Flags().StringVar(&status, "status", string(dashboards.Open), "`STATUS`: open, fraud, not_fraud, inconclusive or any")
	cmd.Flags().StringVar(&f.Card, "card", "", "card token `TOKEN`")
	cmd.Flags().StringVar(&f.ATM, "atm", "", "`ID` of the terminal of the strongest alert")
	cmd.Flags().Float64Var(&f.MinScore, "min-score", 0, "lowest `SCORE`, 0 to 1")
	cmd.Flags().IntVar(&limit, "limit", 50, "at most `N` episodes")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

func statuses() []dashboards.Status {
	return []dashboards.Status{dashboards.Open, dashboards.Fraud, dashboards.NotFraud, dashboards.Inconclusive}
}

// write writes a table for people; cards are shown by their last four digits.
func write(out io.Writer, rows []episode) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, "no episodes")
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "SCORE\tSTATUS\tHITS\tLAST\tCARD\tATM\tTOWN\tAMOUNT\tEPISODE\tREASON\n")
	for _, r := range rows {
		fmt.Fprintf(t, "%.3f\t%s\t%d\t%s\t…%s\t%s\t%s %s\t%s\t%s\t%s\n", r.Score, r.Status, r.Hits, r.Last.Std().Format("2006-01-02 15:04:05"), r.Last4, r.ATM, r.City, r.Country, feature.Money(r.Amount, r.Currency), r.ID, r.Reason)
	}
	return t.Flush()
}
