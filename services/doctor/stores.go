package doctor

import (
	"context"
	"errors"
	"fmt"

	"skimwatch/engine/feature"
	"skimwatch/models/registry"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// database looks at the history and whether its tables are there.
func (d doctor) database(ctx context.Context) []Finding {
	if f, ok := d.unset(settings.Database); ok {
		return f
	}
	const next = "start the database, or give its address with --database"
	store, err := d.open.BareHistory(ctx, d.config.Get(settings.Database))
	if err != nil {
		return failed(settings.Database, err, next)
	}
	defer store.Close()
	if err := store.Ping(ctx); err != nil {
		return failed(settings.Database, err, next)
	}
	oldest, newest, err := store.Span(ctx)
	switch {
	case err != nil:
		return []Finding{{settings.Database, Wrong, fmt.Sprintf("answers, but its tables cannot be read: %v", err), "skimwatch migrate"}}
	case newest == 0:
		return []Finding{{settings.Database, Note, "answers, the history is empty", ""}}
	}
	return []Finding{{settings.Database, OK, fmt.Sprintf("answers, history from %s to %s in event time", oldest, newest), ""}}
}

// blobs looks at the blob store, which must be writable, and at the champion in it.
func (d doctor) blobs(ctx context.Context) []Finding {
	if f, ok := d.unset(settings.Blob); ok {
		return f
	}
	address := d.config.Get(settings.Blob)
	const probe = "doctor-probe" // in no folder, which would stay
	const next = "give a folder that can be written to with --blob"
	store, err := d.open.Blobs(address)
	if missing := (*wiring.Missing)(nil); errors.As(err, &missing) {
		return failed(settings.Blob, err, next)
	}
	if err != nil {
		return []Finding{{settings.Blob, Down, err.Error(), next}}
	}
	if err := errors.Join(store.Put(ctx, probe, []byte("ok")), store.Delete(ctx, probe)); err != nil {
		return []Finding{{settings.Blob, Down, err.Error(), next}}
	}
	all := []Finding{{settings.Blob, OK, daemon.Value{Value: address}.Shown() + " can be written to", ""}}
	m, _, err := registry.New(store).Resolve(ctx, string(registry.Champion), feature.Hash())
	const train = "skimwatch train --register"
	switch {
	case errors.Is(err, registry.ErrNotFound):
		all = append(all, Finding{"champion", Note, "there is none: the rules decide alone", train})
	case err != nil:
		all = append(all, Finding{"champion", Wrong, err.Error(), train})
	default:
		all = append(all, Finding{"champion", OK, fmt.Sprintf("%s, %s, trained on this program's %d features", m.Version, m.Algorithm, len(m.Features)), ""})
	}
	return all
}
