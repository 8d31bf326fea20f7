// Package dashboard is the dashboard as a service: the pages of package dashboards over the history, the live view, the
// registry and the broker, and the relay that takes decisions to the labels topic.
package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/models/registry"
	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/redis"
)

// Servers are the dependencies of the dashboard, opened by the caller, who closes them after Serve has returned.
type Servers struct {
	History *history.Store
	Live    *redis.Live
	Broker  *kafka.Broker
	Blobs   blob.Store
}

// Options are the settings of the dashboard.
type Options struct {
	HTTPS     bool     // a proxy in front speaks TLS
	LiveSince atm.Time // event time at which the live stream began; precision and recall count from there
	Addresses Addresses
	Log       *slog.Logger
}

// Addresses are shown on the system page; secrets in them are hidden.
type Addresses struct{ History, Live, Broker, Blobs string }

// Dashboard is the service. Safe for concurrent use.
type Dashboard struct {
	server *dashboards.Server
	relay  *dashboards.Relay
	log    *slog.Logger
	users  dashboards.Users
}

// New wires the pages to the servers. It starts nothing.
func New(s Servers, o Options) (*Dashboard, error) {
	ports := dashboards.Ports{
		Episodes: s.History, Decisions: s.History, Cards: s.History, Statistics: s.History, Patterns: s.History, DeadLetters: s.History,
		Users: s.History, Trail: s.History, Counters: s.Live, Feed: s.Live, Models: &models{registry: registry.New(s.Blobs), now: now},
		Normals: normals(s.History, s.History.Normals(feature.Hash(), feature.Names())), Features: featureText, Lags: lags(s.Broker),
		Dependencies: dependencies(s, o.Addresses),
	}
	server, err := dashboards.New(ports, dashboards.Options{Log: o.Log, Version: daemon.Version(), HTTPS: o.HTTPS, LiveSince: o.LiveSince})
	if err != nil {
		return nil, err
	}
	relay := &dashboards.Relay{Outbox: s.History, Publish: s.Broker.ProduceLabels, Now: now, Log: o.Log}
	return &Dashboard{server: server, relay: relay, log: o.Log, users: s.History}, nil
}

// Serve answers on l, keeps the live figures going and relays labels until ctx ends; then it closes the browsers' streams
// and lets requests in hand finish, for five seconds at most. It closes l.
func (d *Dashboard) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{Handler: d.server.Handler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.server.Run(ctx) })
	g.Go(func() error { return d.relay.Run(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return h.Shutdown(limit)
	})
	g.Go(func() error {
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the dashboard on %s: %w", l.Addr(), err)
		}
		return nil
	})
	return g.Wait()
}

// URL returns the address at which a browser on this machine reaches a listener.
func URL(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func now() atm.Time { return atm.TimeOf(time.Now()) }

func dependencies(s Servers, a Addresses) []dashboards.Dependency {
	hidden := func(address string) string { return daemon.Value{Value: address}.Shown() }
	return []dashboards.Dependency{
		{Name: "History", Address: hidden(a.History), Check: s.History.Ping},
		{Name: "Live view", Address: hidden(a.Live), Check: s.Live.Ping},
		{Name: "Broker", Address: hidden(a.Broker), Check: s.Broker.Ping},
		{Name: "Blob store", Address: hidden(a.Blobs), Check: func(ctx context.Context) error { _, err := s.Blobs.List(ctx, "models/"); return err }},
	}
}
