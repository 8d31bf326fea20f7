package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// DrainLimit is how long a process may take to finish the work in hand after the first signal.
const DrainLimit = 30 * time.Second

// sameWish is how soon after the first a second signal is an echo of it: timeout(1) and terminals signal a process and its whole group.
const sameWish = 250 * time.Millisecond

// Run calls work with a context that ends at the first SIGINT or SIGTERM, and returns its error; nil if it ended because of the signal.
// A second signal, or a drain longer than DrainLimit, ends Run at once, whatever work still does; main must then exit.
func Run(ctx context.Context, log *slog.Logger, work func(context.Context) error) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	return drain(ctx, log, signals, work)
}

func drain(ctx context.Context, log *slog.Logger, signals <-chan os.Signal, work func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	select {
	case err := <-done:
		return err
	case s := <-signals:
		log.Info("draining; a second Ctrl-C ends at once", "signal", s.String())
	}
	first := time.Now()
	cancel()
	limit := time.NewTimer(DrainLimit)
	defer limit.Stop()
	for {
		select {
		case err := <-done:
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		case s := <-signals:
			if time.Since(first) > sameWish {
				return fmt.Errorf("ended at once by a second signal (%s): work in hand was not finished", s)
			}
		case <-limit.C:
			return fmt.Errorf("drain: work in hand was not finished within %s", DrainLimit)
		}
	}
}
