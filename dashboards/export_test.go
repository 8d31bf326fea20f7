package dashboards

import (
	"context"
	"time"

	"skimwatch/engine/atm"
)

// What the tests of this package, which stand outside of it because the storybook imports it, need from inside.

type RouteInfo struct {
	Method, Path string
	Least        Role
}

func (s *Server) Routes() []RouteInfo {
	var out []RouteInfo
	for _, r := range s.routes() {
		out = append(out, RouteInfo{r.method, r.path, r.least})
	}
	return out
}

type Batch = batch

func Coalesce(ctx context.Context, in <-chan Signal, every time.Duration, emit func(Batch) error) error {
	return coalesce(ctx, in, every, emit)
}

type Hub = hub

var (
	NewHub        = newHub
	Money         = money
	Count         = count
	Value         = value
	Span          = span
	Score         = score
	MaskCard      = maskCard
	SeverityOf    = severityOf
	HideDigits    = hideDigits
	LocalPath     = localPath
	ParseCursor   = parseCursor
	FilterOf      = filterOf
	CheckPassword = checkPassword
	OpenAssets    = openAssets
	DistanceKM    = distanceKM
	ReasonsOf     = reasonsOf
)

type Point = point

func (h *hub) Subscribe() (chan Signal, func()) { return h.subscribe() }
func (h *hub) Publish(s Signal)                 { h.publish(s) }
func (h *hub) Close()                           { h.close() }

func (a *assetFiles) Vendored() []vendored { return a.vendored }

// Tamper changes a vendored file's bytes and returns what the check says.
func (a *assetFiles) Tamper(name string) error {
	f := a.byName["vendor/"+name]
	f.bytes = append([]byte("// changed\n"), f.bytes...)
	a.byName["vendor/"+name] = f
	return a.checkVendored()
}

// MovementOf draws on an empty map.
func MovementOf(events []Event, a atm.Alert) movement {
	return (&Server{outline: &outline{}}).movement(events, a)
}
