package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"skimwatch/engine/atm"
)

// Alias is a name for the version that has a role.
type Alias string

// The roles: the champion's score decides, the challenger scores in its shadow.
const (
	Champion   Alias = "champion"
	Challenger Alias = "challenger"
)

// Aliases lists all roles.
func Aliases() []Alias { return []Alias{Champion, Challenger} }

// Promotion is one row of the append-only log that says which version has which role. The last row of an alias holds.
type Promotion struct {
	Sequence int      `json:"sequence"` // from 1, without gaps
	Alias    Alias    `json:"alias"`
	Version  string   `json:"version"`
	Previous string   `json:"previous,omitempty"` // the version that held before
	Rollback bool     `json:"rollback,omitempty"`
	By       string   `json:"by"`
	Reason   string   `json:"reason,omitempty"`
	At       atm.Time `json:"at"` // processing time
}

// Who says by whom, why and when a role changes.
type Who struct {
	By     string
	Reason string
	At     atm.Time // processing time
}

// ErrNothingBefore says that an alias never had another version to roll back to.
var ErrNothingBefore = errors.New("nothing to roll back to")

// Promote gives version, such as fraud/7, the role. To give it to the version that has it already is an error.
func (r *Registry) Promote(ctx context.Context, alias Alias, version string, who Who) (Promotion, error) {
	p := Promotion{Alias: alias, Version: version, By: who.By, Reason: who.Reason, At: who.At}
	if !slices.Contains(Aliases(), alias) {
		return p, fmt.Errorf("promote %s to %q: the roles are %s and %s", version, alias, Champion, Challenger)
	}
	if _, ok := r.number(version); !ok {
		return p, fmt.Errorf("promote %q to %s: %w: a version is %s/N", version, alias, ErrNotFound, r.line)
	}
	if _, err := r.Manifest(ctx, version); err != nil {
		return p, fmt.Errorf("promote to %s: %w", alias, err)
	}
	p, err := r.append(ctx, p)
	if err != nil {
		return p, fmt.Errorf("promote %s to %s: %w", version, alias, err)
	}
	return p, nil
}

// Rollback gives the role back to the version that had it before the present one. Rolling back twice goes back two.
func (r *Registry) Rollback(ctx context.Context, alias Alias, who Who) (Promotion, error) {
	log, err := r.Log(ctx)
	if err != nil {
		return Promotion{}, fmt.Errorf("roll back %s: %w", alias, err)
	}
	held := holders(log, alias)
	if len(held) < 2 {
		return Promotion{}, fmt.Errorf("roll back %s: %w: it has had %d versions", alias, ErrNothingBefore, len(held))
	}
	p := Promotion{Alias: alias, Version: held[len(held)-2], Rollback: true, By: who.By, Reason: who.Reason, At: who.At}
	if p, err = r.append(ctx, p); err != nil {
		return p, fmt.Errorf("roll back %s: %w", alias, err)
	}
	return p, nil
}

// holders replays the log of one alias: a promotion pushes a version, a rollback takes the last one off.
func holders(log []Promotion, alias Alias) []string {
	var held []string
	for _, p := range log {
		switch {
		case p.Alias != alias:
		case p.Rollback:
			held = held[:max(0, len(held)-1)]
		default:
			held = append(held, p.Version)
		}
	}
	return held
}

// Current returns the row that holds for an alias. The error wraps ErrNotFound when it was never given.
func (r *Registry) Current(ctx context.Context, alias Alias) (Promotion, error) {
	log, err := r.Log(ctx)
	if err != nil {
		return Promotion{}, fmt.Errorf("model %s: %w", alias, err)
	}
	for _, p := range slices.Backward(log) {
		if p.Alias == alias {
			return p, nil
		}
	}
	return Promotion{}, fmt.Errorf("model %s: %w: nothing was promoted to it yet", alias, ErrNotFound)
}

// Log returns all promotions and rollbacks, oldest first.
func (r *Registry) Log(ctx context.Context) ([]Promotion, error) {
	names, err := r.blobs.List(ctx, r.logFolder())
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", r.logFolder(), err)
	}
	log := make([]Promotion, 0, len(names))
	for _, name := range names {
		b, err := r.blobs.Get(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", name, err)
		}
		var p Promotion
		if err := json.Unmarshal(b, &p); err != nil {
			return nil, fmt.Errorf("decode %s: %w", name, err)
		}
		log = append(log, p)
	}
	return log, nil
}

func (r *Registry) append(ctx context.Context, p Promotion) (Promotion, error) {
	log, err := r.Log(ctx)
	if err != nil {
		return p, err
	}
	for _, before := range log {
		if before.Alias == p.Alias {
			p.Previous = before.Version
		}
	}
	if p.Previous == p.Version {
		return p, fmt.Errorf("%s is the %s already", p.Version, p.Alias)
	}
	p.Sequence = len(log) + 1
	b, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	return p, r.blobs.Put(ctx, fmt.Sprintf("%s%08d.json", r.logFolder(), p.Sequence), b)
}

func (r *Registry) logFolder() string { return r.folder() + "aliases/" }
