package embedded

import (
	"fmt"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a server without persistence. Its keys never expire by themselves: users bound what they store.
type Redis struct{ server *miniredis.Miniredis }

// StartRedis starts a server on a free loopback port.
func StartRedis() (*Redis, error) {
	s := miniredis.NewMiniRedis()
	if err := s.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the embedded redis: %w", err)
	}
	return &Redis{s}, nil
}

// Addr returns host:port for clients.
func (r *Redis) Addr() string { return r.server.Addr() }

// Flush drops everything, as a server that lost its memory does.
func (r *Redis) Flush() { r.server.FlushAll() }

// Close ends the server and its connections.
func (r *Redis) Close() { r.server.Close() }
