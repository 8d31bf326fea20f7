// Command serve shows the dashboard with invented data:
//
//	go run ./dashboards/storybook/serve -state many -listen 127.0.0.1:8090
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"time"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
	"skimwatch/engine/atm"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	state := flag.String("state", "many", "empty, one or many")
	listen := flag.String("listen", "127.0.0.1:8090", "address to serve on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	start := time.Now()
	now := func() atm.Time { return storybook.Now + atm.Time(time.Since(start).Microseconds()) }
	world := storybook.NewWorld(storybook.State(*state), now)
	d, err := dashboards.New(world.Ports(), dashboards.Options{Now: now, Log: slog.Default(), Version: "storybook"})
	if err != nil {
		return err
	}
	go d.Run(ctx)
	for _, user := range []string{"viewer", "analyst", "admin"} {
		fmt.Printf("%s: http://%s/sign-in?token=%s\n", user, *listen, d.SignInToken(user, time.Hour))
	}
	server := &http.Server{Addr: *listen, Handler: d.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServe(); ctx.Err() == nil {
		return fmt.Errorf("serve the storybook on %s: %w", *listen, err)
	}
	return nil
}
