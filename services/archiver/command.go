package archiver

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// Command returns skimwatch archive. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive",
		Short: "Run the sinks: scores, alerts, labels and dead letters into SQL and Redis",
		Long: `Reads scores, alerts, labels and dead letters, keeps them in the database, and shows what is new in Redis. Each of the two has
a consumer group of its own: while one is away the other goes on, and what it missed is written when it is back. Nothing is
written twice. A Redis that lost everything is filled again from the database. A label that does not decode becomes a dead letter.`,
		Example: `  skimwatch archive --kafka localhost:9092 --redis localhost:6379 --database postgres://skimwatch@localhost/skimwatch
  skimwatch archive --database sqlite:history.db --admin 127.0.0.1:9101 --kafka localhost:9092 --redis localhost:6379`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := settings.Logger(cmd)
			if err != nil {
				return err
			}
			return daemon.Run(cmd.Context(), log, func(ctx context.Context) error { return serve(ctx, cmd, log) })
		},
	}
	settings.BindAdmin(cmd)
	return cmd
}

// serve answers on the admin port and archives until ctx ends or one of them fails.
func serve(ctx context.Context, cmd *cobra.Command, log *slog.Logger) error {
	admin := daemon.NewAdmin()
	var running atomic.Pointer[Archiver]
	for name, ping := range map[string]func(context.Context, *Archiver) error{
		"kafka":    func(ctx context.Context, a *Archiver) error { return a.Broker.Ping(ctx) },
		"database": func(ctx context.Context, a *Archiver) error { return a.History.Ping(ctx) },
		"redis":    func(ctx context.Context, a *Archiver) error { return a.Live.Ping(ctx) },
	} {
		admin.Ready(name, func(ctx context.Context) error {
			if a := running.Load(); a != nil {
				return ping(ctx, a)
			}
			return errors.New("not reached yet")
		})
	}
	g, ctx := errgroup.WithContext(ctx)
	if err := settings.ServeAdmin(ctx, cmd, admin, g.Go); err != nil {
		return err
	}
	g.Go(func() error {
		config, open := settings.Of(cmd), wiring.Opener{Log: log, Service: true}
		store, err := open.History(ctx, config.Get(settings.Database))
		if err != nil {
			return err
		}
		defer store.Close()
		live, err := open.Live(ctx, config.Get(settings.Redis))
		if err != nil {
			return err
		}
		defer live.Close()
		broker, err := open.Broker(ctx, config.Get(settings.Kafka))
		if err != nil {
			return err
		}
		defer broker.Close()
		a := &Archiver{Broker: broker, History: store, Past: store, Live: live, Log: log}
		running.Store(a)
		log.Info("archiving", "kafka", broker.Addrs())
		return a.Run(ctx)
	})
	return g.Wait()
}
