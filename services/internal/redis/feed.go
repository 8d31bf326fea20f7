package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"skimwatch/dashboards"
)

const (
	feedWait   = time.Second // how long the server holds an empty answer back
	feedBuffer = 1024        // signals that a slow reader may be behind before it loses some
)

// Announce implements dashboards.Feed.
func (l *Live) Announce(ctx context.Context, s dashboards.Signal) error {
	err := l.client.XAdd(ctx, &redis.XAddArgs{Stream: streamKey, MaxLen: streamLength, Values: []string{"kind", string(s.Kind), "id", s.ID}}).Err()
	if err != nil {
		return fmt.Errorf("announce that %s %s: %w", s.ID, s.Kind, err)
	}
	return nil
}

// Subscribe implements dashboards.Feed.
func (l *Live) Subscribe(ctx context.Context) (<-chan dashboards.Signal, error) {
	// "$" would mean "from the moment of each call" and miss what comes between two of them.
	last := "0-0"
	newest, err := l.client.XRevRangeN(ctx, streamKey, "+", "-", 1).Result()
	if err != nil {
		return nil, fmt.Errorf("subscribe to the live stream: %w", err)
	}
	if len(newest) > 0 {
		last = newest[0].ID
	}
	out := make(chan dashboards.Signal, feedBuffer)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			if last, err = l.pass(ctx, last, out); err != nil {
				return
			}
		}
	}()
	return out, nil
}

// pass reads what came after an id, passes it on, and returns the new last id.
func (l *Live) pass(ctx context.Context, last string, out chan<- dashboards.Signal) (string, error) {
	streams, err := l.client.XRead(ctx, &redis.XReadArgs{Streams: []string{streamKey, last}, Count: 200, Block: feedWait}).Result()
	if errors.Is(err, redis.Nil) {
		return last, nil
	}
	if err != nil {
		return last, err
	}
	for _, stream := range streams {
		for _, m := range stream.Messages {
			kind, _ := m.Values["kind"].(string)
			id, _ := m.Values["id"].(string)
			last = m.ID
			select {
			case out <- dashboards.Signal{Kind: dashboards.SignalKind(kind), ID: id}:
			default:
			}
		}
	}
	return last, nil
}
