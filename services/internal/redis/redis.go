// Package redis keeps what is happening now: the live alert stream and the counters of the speed layer. It is a serving cache: all of it
// can be lost and is then filled again. Every structure is bounded by its own trimming, never by expiry.
package redis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"skimwatch/dashboards"
)

// The keys. The braces keep them on one node of a Redis cluster, so that one script may touch them all.
const (
	streamKey = "{skimwatch}:alerts"     // stream of signals, with the alert where it is one
	seenKey   = "{skimwatch}:seen"       // set of the ids of alerts that were published
	orderKey  = "{skimwatch}:seen:order" // list of the same ids, oldest first
	totalsKey = "{skimwatch}:totals"     // hash
	ticksKey  = "{skimwatch}:ticks"      // sorted set of the seconds that have a hash of their own
	tickKey   = "{skimwatch}:tick:"      // and the second: hash of one second's counts
)

// The bounds.
const (
	streamLength = 1000   // signals
	seenLength   = 50_000 // ids; an alert that comes again after that many others is published again
	tickSeconds  = 900    // seconds
)

// Live is the view of what is happening now. Safe for concurrent use.
type Live struct {
	Now func() time.Time // processing time; time.Now from New

	client *redis.Client
}

var (
	_ dashboards.Counters = (*Live)(nil)
	_ dashboards.Feed     = (*Live)(nil)
)

// New returns the live view on the server at address: host:port, or a URL such as redis://user:password@host:6379/0. It does not
// connect; see Ping. The caller closes it.
func New(address string) (*Live, error) {
	// What the client would print by itself, its callers say with the right words.
	redis.SetLogger(silent{})
	o := &redis.Options{Addr: address}
	if strings.Contains(address, "://") {
		parsed, err := redis.ParseURL(address)
		if err != nil {
			return nil, fmt.Errorf("redis address: %w", err)
		}
		o = parsed
	}
	if o.Addr == "" || !strings.Contains(o.Addr, ":") {
		return nil, fmt.Errorf("redis address %q is not host:port", o.Addr)
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.MaxRetries = 2*time.Second, 3*time.Second, 3*time.Second, 1
	o.ContextTimeoutEnabled, o.DisableIdentity, o.DialerRetries = true, true, 1
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return &Live{Now: time.Now, client: redis.NewClient(o)}, nil
}

// Ping asks the server whether it is there.
func (l *Live) Ping(ctx context.Context) error {
	if err := l.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ask redis: %w", err)
	}
	return nil
}

// Close gives back the connections.
func (l *Live) Close() error { return l.client.Close() }

// silent is the client's log.
type silent struct{}

// Printf drops a line.
func (silent) Printf(context.Context, string, ...any) {}
