package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"
)

// The pauses of Retry: the first, the longest, and how often the log is told.
const (
	retryFirst   = 50 * time.Millisecond
	retryLongest = 5 * time.Second
	retryLog     = 10 * time.Second
)

// Retry calls try until it returns nil or ctx ends, with pauses that double up to five seconds and vary by up to a half, so that processes
// which lost the same dependency do not come back in step. The first error and then one about every ten seconds is logged as
// "<what> is not reachable: <error>; retrying"; so is the recovery. The error returned when ctx ends names the last cause.
func Retry(ctx context.Context, log *slog.Logger, what string, try func(context.Context) error) error {
	pause, logged := retryFirst, time.Time{}
	for {
		err := try(ctx)
		if err == nil {
			if !logged.IsZero() {
				log.Info(what + " is reachable again")
			}
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s is not reachable: %w (%w)", what, err, ctx.Err())
		}
		if now := time.Now(); now.Sub(logged) >= retryLog {
			log.Warn(fmt.Sprintf("%s is not reachable: %v; retrying", what, err))
			logged = now
		}
		if !sleep(ctx, pause/2+rand.N(pause)) {
			return fmt.Errorf("%s is not reachable: %w (%w)", what, err, ctx.Err())
		}
		pause = min(2*pause, retryLongest)
	}
}

// sleep waits for d and says whether it did so to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
