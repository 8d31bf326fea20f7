// Package wiring opens the servers that a command is told to use. It is the one place that knows which adapter an address means.
package wiring

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/postgres"
	"skimwatch/services/internal/redis"
	"skimwatch/services/internal/sqlite"
)

// jobPatience is how long a job, which a person or a script waits for, tries to reach a server.
const jobPatience = 5 * time.Second

// Opener opens servers. A service waits for one that is down, with growing pauses and a word in the log now and then, until its
// context ends; a job gives up after five seconds with an error of exit code 3. A wrong address is a usage error at once.
type Opener struct {
	Log     *slog.Logger
	Service bool
	Create  bool // makes a SQLite file or a blob folder that is not there; else it is *Missing at once
}

// Missing is the error, of exit code 3, of a file or folder that is not there: a wrong address, or nobody made it yet.
type Missing struct {
	What string // with its path
	Next string // what makes it, and what to correct
}

// Error says what is missing and what makes it.
func (m *Missing) Error() string { return m.What + " is not there: " + m.Next }

// reach tries until it works or patience ends.
func (o Opener) reach(ctx context.Context, what string, try func(context.Context) error) error {
	if !o.Service {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, jobPatience)
		defer cancel()
	}
	return daemon.Unavailable(daemon.Retry(ctx, o.Log, what, try))
}

// Broker returns the Kafka cluster at addrs once it answers and has all topics. Missing topics are an error at once, which names the
// command that creates them.
func (o Opener) Broker(ctx context.Context, addrs string) (*kafka.Broker, error) {
	b, err := o.BareBroker(ctx, addrs)
	if err != nil {
		return nil, err
	}
	var missing *kafka.MissingTopics
	err = o.reach(ctx, "kafka "+addrs, func(ctx context.Context) error {
		if err := b.CheckTopics(ctx); !errors.As(err, &missing) {
			return err
		}
		return nil
	})
	if err == nil && missing != nil {
		err = daemon.Unavailable(missing)
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// BareBroker returns the Kafka cluster at addrs once it answers, whether it has the topics or not.
func (o Opener) BareBroker(ctx context.Context, addrs string) (*kafka.Broker, error) {
	if strings.Trim(addrs, ", ") == "" {
		return nil, daemon.Usage(errors.New("kafka is not set: give --kafka or set SKIMWATCH_KAFKA"))
	}
	b := kafka.New(addrs)
	b.Log = o.Log
	if err := o.reach(ctx, "kafka "+addrs, b.Ping); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Live returns the live view at address once it answers.
func (o Opener) Live(ctx context.Context, address string) (*redis.Live, error) {
	if address == "" {
		return nil, daemon.Usage(errors.New("redis is not set: give --redis or set SKIMWATCH_REDIS"))
	}
	l, err := redis.New(address)
	if err != nil {
		return nil, daemon.Usage(err)
	}
	if err := o.reach(ctx, "redis "+daemon.Value{Value: address}.Shown(), l.Ping); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// History returns the history at address, postgres://… or sqlite:FILE, once it answers, with its tables brought up to date. A file
// that is not there is *Missing unless o creates.
func (o Opener) History(ctx context.Context, address string) (*history.Store, error) {
	store, err := o.BareHistory(ctx, address)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// BareHistory is History, but leaves the tables as they are.
func (o Opener) BareHistory(ctx context.Context, address string) (*history.Store, error) {
	switch {
	case address == "":
		return nil, daemon.Usage(errors.New("database is not set: give --database or set SKIMWATCH_DATABASE"))
	case strings.HasPrefix(address, "sqlite:"):
		db, err := o.sqlite(ctx, strings.TrimPrefix(strings.TrimPrefix(address, "sqlite:"), "//"))
		if err != nil {
			return nil, daemon.Unavailable(err)
		}
		return history.New(db, history.SQLite), nil
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		db, err := o.postgres(ctx, address)
		if err != nil {
			return nil, err
		}
		return history.New(db, history.Postgres), nil
	}
	return nil, daemon.Usage(fmt.Errorf("database %q is neither postgres://… nor sqlite:FILE", daemon.Value{Value: address}.Shown()))
}

func (o Opener) sqlite(ctx context.Context, path string) (*sql.DB, error) {
	if o.Create {
		return sqlite.Create(ctx, path)
	}
	db, err := sqlite.Open(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Missing{"the SQLite file " + path, "skimwatch migrate makes an empty one, setup and demo one with a history; or correct --database"}
	}
	return db, err
}

func (o Opener) postgres(ctx context.Context, address string) (db *sql.DB, err error) {
	var wrong error
	err = o.reach(ctx, "postgres", func(ctx context.Context) (err error) {
		if db, err = postgres.Open(ctx, address); errors.Is(err, postgres.ErrAddress) {
			wrong = err
			return nil
		}
		return err
	})
	if wrong != nil {
		return nil, daemon.Usage(wrong)
	}
	return db, err
}

// Blobs returns the blob store at address, file:///folder. A folder that is not there is *Missing unless o creates.
func (o Opener) Blobs(address string) (blob.Store, error) {
	if address == "" {
		return nil, daemon.Usage(errors.New("blob is not set: give --blob or set SKIMWATCH_BLOB"))
	}
	open := blob.Open
	if o.Create {
		open = blob.Create
	}
	s, err := open(address)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, daemon.Unavailable(&Missing{"the blob folder " + strings.TrimPrefix(address, "file://"), "skimwatch setup, demo and train --register make it; or make it empty with mkdir -p, or correct --blob"})
	case err != nil:
		return nil, daemon.Usage(err)
	}
	return s, nil
}
