package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"

	"skimwatch/dashboards"
	"skimwatch/services/dashboard"
)

// analyst is who the printed link signs in. It may do everything: the demo has one person.
const analyst = "demo"

// dashboard serves the pages until ctx ends.
func (d *demo) dashboard(ctx context.Context) error {
	site, err := dashboard.New(
		dashboard.Servers{History: d.servers.history, Live: d.servers.live, Broker: d.servers.broker, Blobs: d.servers.blobs},
		dashboard.Options{LiveSince: d.world.End, Log: d.Log, Addresses: dashboard.Addresses{History: "sqlite:" + filepath.Join(d.DataDir, "history.db"),
			Live: d.servers.redis.Addr(), Broker: d.servers.kafka.Addr(), Blobs: filepath.Join(d.DataDir, "blobs")}})
	if err != nil {
		return err
	}
	if err := addAnalyst(ctx, d.servers.history); err != nil {
		return err
	}
	url := dashboard.URL(d.listen)
	served := make(chan error, 1)
	go func() { served <- site.Serve(ctx, d.listen) }()
	d.announce(url, site.SignIn(url, analyst))
	return <-served
}

// addAnalyst adds the demo's user where it is missing. Its password is random and told to nobody: the link signs in.
func addAnalyst(ctx context.Context, users dashboards.Users) error {
	_, err := users.User(ctx, analyst)
	if !errors.Is(err, dashboards.ErrNotFound) {
		return err
	}
	if err := users.PutUser(ctx, dashboards.User{Name: analyst, Role: dashboards.Admin, Password: dashboards.HashPassword(rand.Text())}); err != nil {
		return fmt.Errorf("add the user %q: %w", analyst, err)
	}
	return nil
}
