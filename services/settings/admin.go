package settings

import (
	"context"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
)

// Admin is the setting of the port with /livez, /readyz and /metrics, which only services have.
const Admin = "admin"

func admin() daemon.Setting {
	return daemon.Setting{Name: Admin, Help: "`host:port` of /livez, /readyz and /metrics; none if not set"}
}

// BindAdmin gives a service the flag of its admin port.
func BindAdmin(cmd *cobra.Command) {
	cmd.Flags().String(Admin, "", admin().Help+" [$"+admin().Env()+"]")
}

// AdminAddress returns where the admin port of a service is to be; empty for none.
func AdminAddress(cmd *cobra.Command) string {
	return daemon.Resolve([]daemon.Setting{admin()}, flags(cmd)).Get(Admin)
}

// ServeAdmin opens the admin port of a service, if it is to have one, and hands the work of answering to start; it lasts until
// ctx ends.
func ServeAdmin(ctx context.Context, cmd *cobra.Command, a *daemon.Admin, start func(func() error)) error {
	address := AdminAddress(cmd)
	if address == "" {
		return nil
	}
	l, err := daemon.Listen(address, "--"+Admin)
	if err != nil {
		return err
	}
	start(func() error { return a.Serve(ctx, l) })
	return nil
}
