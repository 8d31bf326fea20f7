// Package kafka speaks to a broker of the Kafka protocol: topics, produce, read, and consumer groups. Order and offsets are in the
// caller's hands, because the engine's replay depends on both.
package kafka

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// Record is one record of a topic. Time is when it was written (processing time, milliseconds); Partition and Offset are set on
// records that were read.
type Record struct {
	Key, Value []byte
	Headers    []Header
	Time       time.Time
	Partition  int
	Offset     int64
}

// Header is a named value beside a record's own.
type Header struct {
	Key   string
	Value []byte
}

// timeout bounds one request to the broker.
const timeout = 10 * time.Second

// Broker is a Kafka cluster. It holds pooled connections, made when they are needed, and is safe for concurrent use.
type Broker struct {
	Log *slog.Logger // where errors that are retried are told; slog.Default() from New

	addrs     []string
	client    *kafka.Client
	transport *kafka.Transport
	dialer    *kafka.Dialer
}

// New returns the cluster that answers at addrs: host:port, comma separated. It does not connect; see Ping.
func New(addrs string) *Broker {
	list := strings.FieldsFunc(addrs, func(r rune) bool { return r == ',' || r == ' ' })
	transport := &kafka.Transport{ClientID: "skimwatch", DialTimeout: 5 * time.Second, MetadataTTL: 2 * time.Second}
	return &Broker{
		Log:       slog.Default(),
		addrs:     list,
		client:    &kafka.Client{Addr: kafka.TCP(list...), Timeout: timeout, Transport: transport},
		transport: transport,
		dialer:    &kafka.Dialer{ClientID: "skimwatch", Timeout: 5 * time.Second, DualStack: true},
	}
}

// Addrs returns the addresses, comma separated.
func (b *Broker) Addrs() string { return strings.Join(b.addrs, ",") }

// Close gives back the idle connections. Readers and groups are closed by their contexts.
func (b *Broker) Close() { b.transport.CloseIdleConnections() }

// Ping asks the cluster for its brokers and returns nil if it answers.
func (b *Broker) Ping(ctx context.Context) error {
	if len(b.addrs) == 0 {
		return fmt.Errorf("ask kafka for its brokers: no address is given")
	}
	// The pooled transport remembers metadata for seconds; only a connection of its own tells whether the broker is there now.
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	for _, addr := range b.addrs {
		var c *kafka.Conn
		if c, err = b.dialer.DialContext(ctx, "tcp", addr); err != nil {
			continue
		}
		c.SetDeadline(time.Now().Add(timeout))
		_, err = c.Brokers()
		c.Close()
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("ask kafka for its brokers: %w", err)
}
