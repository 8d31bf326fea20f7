package dashboards

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"skimwatch/engine/atm"
)

// Ports are what the dashboard needs from outside. All but Lags and Dependencies are required.
type Ports struct {
	Episodes    Episodes
	Decisions   Decisions
	Cards       Cards
	Statistics  Statistics
	Patterns    Patterns
	DeadLetters DeadLetters
	Counters    Counters
	Feed        Feed
	Users       Users
	Trail       Trail
	Models      Models
	Normals     Normals
	Features    FeatureTexts
	Lags        Lags
	// Dependencies are checked, each within two seconds, whenever the system page is opened.
	Dependencies []Dependency
}

// Dependency is a server that the dashboard needs.
type Dependency struct {
	Name    string // such as "history"
	Address string // without secrets
	Check   func(ctx context.Context) error
}

// Options are the dashboard's settings. The zero value of each is usable.
type Options struct {
	Now         func() atm.Time // processing time; the wall clock when nil
	Log         *slog.Logger
	Version     string        // of the program, for the system page
	HTTPS       bool          // a proxy in front speaks TLS: cookies are Secure and __Host- only
	LiveSince   atm.Time      // event time from which precision and recall count
	IdleFor     time.Duration // a session ends after this much silence; 30 min when 0
	SessionFor  time.Duration // a session ends after this much time in any case; 12 h when 0
	SignInTries int           // refused sign-ins per minute, address and name; 5 when 0
}

// Server answers the analyst's browser. Safe for concurrent use.
type Server struct {
	ports     Ports
	opts      Options
	pages     map[string]*template.Template
	assets    *assetFiles
	outline   *outline
	sessions  *sessions
	links     *signInLinks
	refusals  *refusals
	hub       *hub
	sampler   *sampler
	handler   http.Handler
	passwords chan struct{} // bounds how many Argon2id computations run at once
}

// New parses templates and assets and returns a server. Nothing runs until Run; Handler works without it, but then
// nothing is live.
func New(p Ports, o Options) (*Server, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	assets, err := openAssets()
	if err != nil {
		return nil, err
	}
	world, err := openOutline(assets)
	if err != nil {
		return nil, err
	}
	pages, err := parsePages(assets)
	if err != nil {
		return nil, err
	}
	s := &Server{
		ports: p, opts: o, pages: pages, assets: assets, outline: world,
		sessions:  newSessions(o.IdleFor, o.SessionFor),
		links:     newSignInLinks(),
		refusals:  newRefusals(o.SignInTries),
		hub:       newHub(),
		passwords: make(chan struct{}, 2),
	}
	s.sampler = newSampler(s)
	s.handler = s.route()
	return s, nil
}

func (p *Ports) check() error {
	required := []struct {
		name    string
		missing bool
	}{
		{"Episodes", p.Episodes == nil}, {"Decisions", p.Decisions == nil}, {"Cards", p.Cards == nil},
		{"Statistics", p.Statistics == nil}, {"Patterns", p.Patterns == nil}, {"DeadLetters", p.DeadLetters == nil},
		{"Counters", p.Counters == nil}, {"Feed", p.Feed == nil}, {"Users", p.Users == nil}, {"Trail", p.Trail == nil},
		{"Models", p.Models == nil}, {"Normals", p.Normals == nil}, {"Features", p.Features == nil},
	}
	for _, r := range required {
		if r.missing {
			return fmt.Errorf("dashboard: port %s is not given", r.name)
		}
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = func() atm.Time { return atm.TimeOf(time.Now()) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.IdleFor == 0 {
		o.IdleFor = 30 * time.Minute
	}
	if o.SessionFor == 0 {
		o.SessionFor = 12 * time.Hour
	}
	if o.SignInTries == 0 {
		o.SignInTries = 5
	}
	return o
}

// Handler returns the dashboard's HTTP handler.
func (s *Server) Handler() http.Handler { return s.handler }

// Run keeps the live figures and the feed going until ctx ends; then it closes every browser's stream and returns nil.
func (s *Server) Run(ctx context.Context) error {
	defer s.hub.close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.sampler.run(ctx)
	}()
	s.follow(ctx)
	<-done
	return nil
}

// follow passes the feed's signals to the browsers and subscribes again, with back-off, when the connection is lost.
func (s *Server) follow(ctx context.Context) {
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		signals, err := s.ports.Feed.Subscribe(ctx)
		if err != nil {
			s.opts.Log.Warn("dashboard: subscribe to the live feed", "error", err, "retry_in", wait)
		} else {
			wait = 100 * time.Millisecond
			for sig := range signals {
				s.hub.publish(sig)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
			wait = min(2*wait, 5*time.Second)
		}
	}
}

// logStop reports an error where it ends, unless the browser merely went away.
func (s *Server) logStop(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		s.opts.Log.Error("dashboard: "+doing, "error", err)
	}
}
