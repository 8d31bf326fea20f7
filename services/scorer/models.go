package scorer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/models/artifact"
	"skimwatch/models/registry"
)

// watchEvery is how often the registry is asked whether there is another champion.
const watchEvery = time.Second

// Models gives the engine its models: those that checkpoints name, and the one that should be in force. Safe for concurrent use.
type Models struct {
	registry *registry.Registry
	ref      string
	current  atomic.Pointer[score.Version]
}

// NewModels resolves ref, a version or an alias, for the first time. An alias that names nothing yet is no error: rules
// decide alone until it does.
func NewModels(ctx context.Context, r *registry.Registry, ref string) (*Models, error) {
	m := &Models{registry: r, ref: ref}
	none := score.NoModel
	m.current.Store(&none)
	if err := m.look(ctx); err != nil && !(isAlias(ref) && errors.Is(err, registry.ErrNotFound)) {
		return nil, err
	}
	return m, nil
}

func isAlias(ref string) bool {
	for _, a := range registry.Aliases() {
		if string(a) == ref {
			return true
		}
	}
	return false
}

// Fixed always gives v, by any name.
func Fixed(v score.Version) *Models {
	m := &Models{}
	m.current.Store(&v)
	return m
}

// Current returns the version that should be in force.
func (m *Models) Current() score.Version { return *m.current.Load() }

// Version returns the version of that name; the empty name is no model.
func (m *Models) Version(ctx context.Context, name string) (score.Version, error) {
	if c := m.Current(); c.Name == name || m.registry == nil {
		return c, nil
	}
	if name == "" {
		return score.NoModel, nil
	}
	return Load(ctx, m.registry, name)
}

// Watch follows the alias until ctx ends. A registry that cannot be read leaves the model as it is.
func (m *Models) Watch(ctx context.Context, log *slog.Logger) {
	if m.registry == nil || !isAlias(m.ref) {
		return
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var told string
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := m.look(ctx)
		if err == nil || errors.Is(err, registry.ErrNotFound) || ctx.Err() != nil {
			told = ""
			continue
		}
		if err.Error() != told {
			log.Warn("the model in force stays", "alias", m.ref, "error", err)
			told = err.Error()
		}
	}
}

// look resolves the reference and loads the model if it is another one than before.
func (m *Models) look(ctx context.Context) error {
	ref := m.ref
	if isAlias(ref) {
		p, err := m.registry.Current(ctx, registry.Alias(ref))
		if err != nil {
			return err
		}
		if ref = p.Version; ref == m.Current().Name {
			return nil
		}
	}
	v, err := Load(ctx, m.registry, ref)
	if err != nil {
		return err
	}
	m.current.Store(&v)
	return nil
}

// Load makes a version of the registry ready for scoring. One that was trained on another feature set is refused.
func Load(ctx context.Context, r *registry.Registry, ref string) (score.Version, error) {
	manifest, b, err := r.Resolve(ctx, ref, feature.Hash())
	if err != nil {
		return score.Version{}, fmt.Errorf("resolve model %q: %w", ref, err)
	}
	model, err := artifact.Load(b)
	if err != nil {
		return score.Version{}, fmt.Errorf("load model %s: %w", manifest.Version, err)
	}
	return score.Version{Name: manifest.Version, Threshold: manifest.Threshold, Model: model}, nil
}
