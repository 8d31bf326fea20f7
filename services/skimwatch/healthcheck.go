package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
)

func healthcheckCommand() *cobra.Command {
	var address, path string
	cmd := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a service whether it is ready",
		Long: `Asks the admin port of a service on this machine for /readyz and prints its answer. Exit codes: 0 ready, 3 there is no answer,
4 it is not ready. A container's health check needs no other program.`,
		Example: `  skimwatch healthcheck --address 127.0.0.1:9100
  SKIMWATCH_ADMIN=:9100 skimwatch healthcheck`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if address == "" {
				address = settings.AdminAddress(cmd)
			}
			if address == "" {
				return daemon.Usage(fmt.Errorf("where? give --address host:port or set SKIMWATCH_ADMIN"))
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 5*time.Second)
			defer cancel()
			return healthcheck(ctx, cmd.OutOrStdout(), address, path)
		},
	}
	cmd.Flags().StringVar(&address, "address", "", "`host:port` of the service; without a host, this machine [$SKIMWATCH_ADMIN]")
	cmd.Flags().StringVar(&path, "path", "/readyz", "what to ask for")
	return cmd
}

// healthcheck prints what a service answers and returns an error if it is not ready.
func healthcheck(ctx context.Context, out io.Writer, address, path string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return daemon.Usage(fmt.Errorf("address %q is not host:port or :port: %w", address, err))
	}
	if host == "" || host == "0.0.0.0" || host == "::" { // what a service listens on is no address to call
		host = "127.0.0.1"
	}
	url := "http://" + net.JoinHostPort(host, port) + "/" + strings.TrimPrefix(path, "/")
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return daemon.Usage(fmt.Errorf("ask %s: %w", url, err))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return daemon.Unavailable(fmt.Errorf("no answer: %w", err))
	}
	defer response.Body.Close()
	if _, err := io.Copy(out, io.LimitReader(response.Body, 64<<10)); err != nil {
		return daemon.Unavailable(fmt.Errorf("read the answer of %s: %w", url, err))
	}
	if response.StatusCode != http.StatusOK {
		return daemon.Failed(fmt.Errorf("%s answers %s", url, response.Status))
	}
	return nil
}
