package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/setup"
	"skimwatch/services/wiring"
)

type options struct {
	listen string
	signIn string
	https  bool
}

// Command returns skimwatch dashboard. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "dashboard",
		Short: "Serve the analyst's pages and their API",
		Long: `Serves the overview, the alert queue, the models and the system page, and the same as JSON under /api/v1. Decisions become
labels: they are stored with the history and published to the labels topic ten seconds later, when they can no longer be
taken back.

There is no default password. The first start adds the user admin and prints a link that signs admin in once; later,
--sign-in NAME prints one, and skimwatch users add makes passwords and API tokens.`,
		Example: `  skimwatch dashboard --database sqlite:history.db --redis localhost:6379 --kafka localhost:9092 --blob ./blob
  skimwatch dashboard --listen 127.0.0.1:8080 --sign-in admin`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "`address` to serve on")
	f.StringVar(&o.signIn, "sign-in", "", "print a one-time sign-in link for the user `NAME`")
	f.BoolVar(&o.https, "https", false, "a proxy in front speaks TLS: send cookies over TLS only")
	settings.BindAdmin(cmd)
	return cmd
}

func (o *options) run(cmd *cobra.Command) error {
	log, err := settings.Logger(cmd)
	if err != nil {
		return err
	}
	return daemon.Run(cmd.Context(), log, func(ctx context.Context) error { return o.serve(ctx, cmd, log) })
}

// serve answers on the admin port from the start, and with pages once all servers are reached.
func (o *options) serve(ctx context.Context, cmd *cobra.Command, log *slog.Logger) error {
	admin := daemon.NewAdmin()
	var reached atomic.Bool
	admin.Ready("pages", func(context.Context) error {
		if !reached.Load() {
			return errors.New("its servers are not reached yet")
		}
		return nil
	})
	l, err := daemon.Listen(o.listen, "--listen")
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	if err := settings.ServeAdmin(ctx, cmd, admin, g.Go); err != nil {
		l.Close()
		return err
	}
	g.Go(func() error {
		defer l.Close()
		s, addresses, err := connect(ctx, settings.Of(cmd), wiring.Opener{Log: log, Service: true})
		defer s.close()
		if err != nil {
			return err
		}
		admin.Ready("history", s.History.Ping)
		admin.Ready("redis", s.Live.Ping)
		d, err := New(s, Options{HTTPS: o.https, LiveSince: liveSince(ctx, s), Addresses: addresses, Log: log})
		if err != nil {
			return err
		}
		if err := o.invite(ctx, cmd, d, l); err != nil {
			return err
		}
		reached.Store(true)
		log.Info("dashboard answers", "url", URL(l))
		return d.Serve(ctx, l)
	})
	return g.Wait()
}

// invite prints a sign-in link on the first start and whenever it is asked for.
func (o *options) invite(ctx context.Context, cmd *cobra.Command, d *Dashboard, l net.Listener) error {
	name := o.signIn
	added, err := d.firstUser(ctx)
	if err != nil {
		return err
	}
	if name == "" && added {
		name = firstName
	}
	if name == "" {
		return nil
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "sign in as %s, once: %s\n", name, d.SignIn(URL(l), name))
	return err
}

// connect opens all servers. What it opened must be closed even after an error.
func connect(ctx context.Context, config daemon.Config, open wiring.Opener) (s Servers, a Addresses, err error) {
	a = Addresses{History: config.Get(settings.Database), Live: config.Get(settings.Redis), Broker: config.Get(settings.Kafka), Blobs: config.Get(settings.Blob)}
	if s.Blobs, err = open.Blobs(a.Blobs); err != nil {
		return s, a, err
	}
	if s.History, err = open.History(ctx, a.History); err != nil {
		return s, a, err
	}
	if s.Live, err = open.Live(ctx, a.Live); err != nil {
		return s, a, err
	}
	s.Broker, err = open.Broker(ctx, a.Broker)
	return s, a, err
}

func (s Servers) close() {
	if s.Broker != nil {
		s.Broker.Close()
	}
	// Nothing is written through these any more: what a close says changes nothing.
	if s.Live != nil {
		_ = s.Live.Close()
	}
	if s.History != nil {
		_ = s.History.Close()
	}
}

// liveSince returns when the live stream of a simulated system began; 0, the beginning of all, for any other.
func liveSince(ctx context.Context, s Servers) atm.Time {
	w, err := setup.Load(ctx, s.Blobs)
	if err != nil {
		return 0
	}
	return w.End
}
