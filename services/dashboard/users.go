package dashboard

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"skimwatch/dashboards"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// UsersCommand returns skimwatch users.
func UsersCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "users", Short: "Add people and programs that may use the dashboard"}
	cmd.AddCommand(addCommand())
	return cmd
}

func addCommand() *cobra.Command {
	var role string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a user, or give one new secrets; prints password and API token once",
		Example: `  skimwatch users add ada --role analyst --database sqlite:history.db
  curl -H "Authorization: Bearer $TOKEN" http://localhost:8080/api/v1/alerts`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			log, err := settings.Logger(cmd)
			if err != nil {
				return err
			}
			if !dashboards.Role(role).Valid() {
				return daemon.Usage(fmt.Errorf("--role %q is not one of viewer, analyst, admin", role))
			}
			store, err := wiring.Opener{Log: log}.History(cmd.Context(), settings.Of(cmd).Get(settings.Database))
			if err != nil {
				return err
			}
			defer store.Close()
			c, err := Renew(cmd.Context(), store, args[0], dashboards.Role(role))
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(c)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "name      %s\nrole      %s\npassword  %s\ntoken     %s\n", c.Name, c.Role, c.Password, c.Token)
			return err
		},
	}
	cmd.Flags().StringVar(&role, "role", string(dashboards.Analyst), "viewer, analyst or admin")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
