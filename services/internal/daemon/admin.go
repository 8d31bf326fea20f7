package daemon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Check says whether a dependency can be used now; nil means ready.
type Check func(context.Context) error

// checkLimit bounds one readiness check, so that /readyz answers while a dependency hangs.
const checkLimit = 2 * time.Second

// Admin serves /livez, /readyz and /metrics. Safe for concurrent use.
type Admin struct {
	Metrics *Metrics

	mu       sync.Mutex
	checks   map[string]Check
	draining bool
}

// NewAdmin returns an admin server without checks: ready as soon as it is served.
func NewAdmin() *Admin { return &Admin{Metrics: NewMetrics(), checks: map[string]Check{}} }

// Ready adds or replaces the readiness check of that name.
func (a *Admin) Ready(name string, check Check) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.checks[name] = check
}

// Drain makes /readyz answer 503 from now on, so that no new work is sent here.
func (a *Admin) Drain() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.draining = true
}

// Handler returns the three pages.
func (a *Admin) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		a.Metrics.Write(w)
	})
	return mux
}

func (a *Admin) readyz(w http.ResponseWriter, r *http.Request) {
	lines, ok := a.state(r.Context())
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
}

// state runs all checks at once and returns one line each, in order of their names.
func (a *Admin) state(ctx context.Context) (lines []string, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	a.mu.Lock()
	checks, draining := maps.Clone(a.checks), a.draining
	a.mu.Unlock()
	if ok = !draining; draining {
		lines = append(lines, "draining")
	}
	type answer struct {
		name string
		err  error
	}
	answers := make(chan answer, len(checks))
	for name, check := range checks {
		go func() { answers <- answer{name, check(ctx)} }()
	}
	for len(checks) > 0 {
		select {
		case got := <-answers:
			delete(checks, got.name)
			if got.err != nil {
				lines, ok = append(lines, fmt.Sprintf("%s: not ready: %v", got.name, got.err)), false
				continue
			}
			lines = append(lines, got.name+": ready")
		case <-ctx.Done():
			for name := range checks {
				lines, ok = append(lines, fmt.Sprintf("%s: not ready: no answer within %s", name, checkLimit)), false
				delete(checks, name)
			}
		}
	}
	slices.Sort(lines)
	return lines, ok
}

// Serve answers on l until ctx ends, then drains for up to five seconds. It closes l.
func (a *Admin) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() {
		a.Drain()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		s.Shutdown(limit)
	})
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the admin port %s: %w", l.Addr(), err)
	}
	return nil
}
