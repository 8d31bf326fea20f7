package alerts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
)

func decideCommand() *cobra.Command {
	var d dashboards.Disposition
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "decide EPISODE fraud|not_fraud|inconclusive --reason CODE",
		Short: "Decide an episode",
		Long: `Decides an open episode. Fraud and not_fraud give a label for each of its transactions, from which the next model learns; a running
skimwatch dashboard publishes them. Reason codes are those of the dashboard, such as counterfeit_card, lost_or_stolen,
account_takeover, customer_denies; customer_confirms, travelling, usual_habit; evidence_too_thin.`,
		Example: `  skimwatch alerts decide 2d90a7fd-3a44-5a2f-a2cb-1308377deccd fraud --reason counterfeit_card
  skimwatch alerts decide 2d90a7fd-3a44-5a2f-a2cb-1308377deccd not_fraud --reason travelling --note called`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.Episode, d.Verdict = args[0], dashboards.Status(args[1])
			if !slices.Contains(statuses()[1:], d.Verdict) {
				return daemon.Usage(fmt.Errorf("verdict %q is not one of %q", args[1], statuses()[1:]))
			}
			if codes := dashboards.ReasonCodes(d.Verdict); !slices.Contains(codes, d.Reason) {
				return daemon.Usage(fmt.Errorf("--reason %q is not one of those for %s: %s", d.Reason, d.Verdict, strings.Join(codes, ", ")))
			}
			return withHistory(cmd, func(ctx context.Context, store *history.Store) error {
				if err := decide(ctx, store, d); err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"episode": d.Episode, "status": string(d.Verdict), "reason": d.Reason, "by": d.By})
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is %s: %s\n", d.Episode, d.Verdict, d.Reason)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&d.Reason, "reason", "", "why, a `CODE` such as counterfeit_card")
	cmd.Flags().StringVar(&d.Note, "note", "", "`TEXT` for whoever reads it later")
	cmd.Flags().StringVar(&d.By, "by", operator(), "user `NAME` for the audit")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one object {episode, status, reason, by}")
	cmd.MarkFlagRequired("reason")
	return cmd
}

// decide stores a disposition. What is known to be so at its time is everything up to the newest event.
func decide(ctx context.Context, store *history.Store, d dashboards.Disposition) error {
	e, err := store.Episode(ctx, d.Episode)
	if errors.Is(err, dashboards.ErrNotFound) {
		return daemon.Usage(fmt.Errorf("there is no episode %q; skimwatch alerts list shows them", d.Episode))
	}
	if err != nil {
		return err
	}
	_, newest, err := store.Span(ctx)
	if err != nil {
		return err
	}
	d.ID, d.At, d.KnownAt = rand.Text(), atm.TimeOf(time.Now()), max(e.Last, newest)
	err = store.Decide(ctx, d)
	if errors.Is(err, dashboards.ErrConflict) {
		return daemon.Failed(fmt.Errorf("episode %s is %s already", d.Episode, e.Status))
	}
	return err
}

// operator names who runs the command.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "operator"
}
