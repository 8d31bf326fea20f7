package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Create or update the tables of the database",
		Long: `Brings the tables of the history up to this program's version; a SQLite file that is not there is made. It may be run again, and
by several at once: what is done is not done twice. A database of a newer version is refused.`,
		Example: `  skimwatch migrate --database postgres://skimwatch@localhost/skimwatch
  skimwatch migrate --database sqlite:history.db`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := settings.Logger(cmd)
			if err != nil {
				return err
			}
			store, err := wiring.Opener{Log: log, Create: true}.History(cmd.Context(), settings.Of(cmd).Get(settings.Database))
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "the tables are up to date")
			return store.Close()
		},
	}
}
