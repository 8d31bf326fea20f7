package demo

import (
	"context"
	"path/filepath"

	"skimwatch/dashboards"
	"skimwatch/services/dashboard"
)

// analyst is who the printed link and password sign in. It may do everything: the demo has one person.
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
	// The password is new with every start and kept nowhere: whoever reads this terminal may sign in.
	secrets, err := site.Renew(ctx, analyst, dashboards.Admin)
	if err != nil {
		return err
	}
	url := dashboard.URL(d.listen)
	served := make(chan error, 1)
	go func() { served <- site.Serve(ctx, d.listen) }()
	d.announce(url, site.SignIn(url, analyst), secrets)
	return <-served
}
