// Package doctor looks at everything that skimwatch depends on and says in words what is wrong and what to do next.
package doctor

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// State is how a dependency was found.
type State string

// The states, from good to bad.
const (
	OK    State = "ok"
	Note  State = "note"    // usable, but something should be known
	Unset State = "not set" // no address is given
	Wrong State = "wrong"   // it answers, but cannot be used like this
	Down  State = "down"
)

// Finding is what was found out about one dependency.
type Finding struct {
	Name   string `json:"name"`
	State  State  `json:"state"`
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do about it
}

// checkLimit bounds the look at one dependency.
const checkLimit = 15 * time.Second

// Examine looks at all dependencies, one after the other, at most fifteen seconds each.
func Examine(ctx context.Context, config daemon.Config) []Finding {
	d := doctor{config: config, open: wiring.Opener{Log: slog.New(slog.DiscardHandler)}}
	var all []Finding
	for _, look := range []func(context.Context) []Finding{d.kafka, d.redis, d.database, d.blobs} {
		limited, cancel := context.WithTimeout(ctx, checkLimit)
		all = append(all, look(limited)...)
		cancel()
	}
	return all
}

type doctor struct {
	config daemon.Config
	open   wiring.Opener
}

// unset returns the finding for a setting that is not given, and whether it is not.
func (d doctor) unset(name string) ([]Finding, bool) {
	if d.config.Get(name) != "" {
		return nil, false
	}
	s := daemon.Setting{Name: name}
	return []Finding{{name, Unset, "no address is given", "give --" + name + " or set " + s.Env()}}, true
}

// failed is the finding for a dependency that could not be opened.
func failed(name string, err error, next string) []Finding {
	if missing := (*wiring.Missing)(nil); errors.As(err, &missing) {
		return []Finding{{name, Down, missing.What + " is not there", missing.Next}}
	}
	if daemon.Code(err) == daemon.CodeUsage {
		return []Finding{{name, Wrong, err.Error(), "correct the address"}}
	}
	return []Finding{{name, Down, err.Error(), next}}
}

// Worst returns the state of the finding that is worst.
func Worst(all []Finding) State {
	order := map[State]int{OK: 0, Note: 1, Unset: 2, Wrong: 3, Down: 4}
	worst := OK
	for _, f := range all {
		if order[f.State] > order[worst] {
			worst = f.State
		}
	}
	return worst
}

func (d doctor) redis(ctx context.Context) []Finding {
	if f, ok := d.unset(settings.Redis); ok {
		return f
	}
	l, err := d.open.Live(ctx, d.config.Get(settings.Redis))
	if err != nil {
		return failed(settings.Redis, err, "start Redis or Valkey, or give its address with --redis")
	}
	defer l.Close()
	empty, err := l.Empty(ctx)
	switch {
	case err != nil:
		return failed(settings.Redis, err, "start Redis or Valkey, or give its address with --redis")
	case empty:
		return []Finding{{settings.Redis, Note, "answers and is empty; the live figures fill it as the stream runs", ""}}
	}
	return []Finding{{settings.Redis, OK, "answers and holds the live figures", ""}}
}
