// Package alerts is the analyst's queue on the command line: it lists episodes and decides them, as the dashboard does.
package alerts

import (
	"context"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/history"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// Command returns skimwatch alerts. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "alerts", Short: "List alerts and decide them"}
	cmd.AddCommand(listCommand(), decideCommand())
	return cmd
}

// withHistory runs do on the history that is set.
func withHistory(cmd *cobra.Command, do func(context.Context, *history.Store) error) error {
	log, err := settings.Logger(cmd)
	if err != nil {
		return err
	}
	store, err := wiring.Opener{Log: log}.History(cmd.Context(), settings.Of(cmd).Get(settings.Database))
	if err != nil {
		return err
	}
	defer store.Close()
	return do(cmd.Context(), store)
}
