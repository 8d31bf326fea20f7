package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/redis"
	"skimwatch/services/internal/sqlite"
)

// servers are the embedded servers and our clients of them.
type servers struct {
	kafka   *embedded.Kafka
	redis   *embedded.Redis
	broker  *kafka.Broker
	live    *redis.Live
	history *history.Store
	blobs   blob.Store
	closers []func() error
}

// startServers starts everything that the services need, on loopback ports, with its data below dir.
func startServers(ctx context.Context, dir string) (s *servers, err error) {
	s = &servers{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.kafka, err = embedded.StartKafka(filepath.Join(dir, "kafka"), "127.0.0.1:0"); err != nil {
		return s, fmt.Errorf("start the embedded broker: %w", err)
	}
	s.closers = append(s.closers, func() error { s.kafka.Close(); return nil })
	if s.redis, err = embedded.StartRedis(); err != nil {
		return s, fmt.Errorf("start the embedded Redis: %w", err)
	}
	s.closers = append(s.closers, func() error { s.redis.Close(); return nil })
	s.broker = kafka.New(s.kafka.Addr())
	s.closers = append(s.closers, func() error { s.broker.Close(); return nil })
	if s.live, err = redis.New(s.redis.Addr()); err != nil {
		return s, err
	}
	s.closers = append(s.closers, s.live.Close)
	db, err := sqlite.Create(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		return s, err
	}
	s.history = history.New(db, history.SQLite)
	s.closers = append(s.closers, s.history.Close)
	if s.blobs, err = openBlobs(dir); err != nil {
		return s, err
	}
	return s, nil
}

func openBlobs(dir string) (blob.Store, error) { return blob.Create(filepath.Join(dir, "blobs")) }

func (s *servers) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		// Everything is checkpointed and committed by now: what a close says changes nothing.
		_ = s.closers[i]()
	}
}

// lock makes the folder and takes it for this process.
func lock(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder; choose another with --data-dir: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be written to; choose another with --data-dir: %w", err)
	}
	if err := take(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("the data folder %s is in use by another demo; choose another with --data-dir: %w", dir, err)
	}
	return func() { f.Close() }, nil
}

// errLocked says that another process holds a file.
var errLocked = errors.New("locked")

// listen opens the dashboard's port, on loopback unless the address names a host.
func listen(address string) (net.Listener, error) {
	if strings.HasPrefix(address, ":") {
		address = "127.0.0.1" + address
	}
	return daemon.Listen(address, "listen")
}
