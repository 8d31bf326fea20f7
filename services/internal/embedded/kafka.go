// Package embedded runs servers inside the process, for the demo and for tests: one that speaks Kafka's protocol and keeps its topics in
// a folder, and one that speaks Redis's protocol and keeps nothing.
package embedded

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kfake"
)

// What a partition keeps, so that the folder stays small and a start, which reads it whole, takes seconds. It is
// minutes of the demo's fastest stream; the history is in the database.
var bounds = map[string]string{
	"log.retention.bytes":    "67108864",
	"log.segment.bytes":      "8388608",
	"log.cleaner.backoff.ms": "5000",
}

// Kafka is one broker without replication. Topics are made by its clients.
type Kafka struct {
	cluster *kfake.Cluster
	addr    string
}

// StartKafka starts a broker on listen (host:port, loopback), with its topics, offsets and groups in dataDir; an empty dataDir keeps them
// in memory. Port 0 takes the port of the last start on the same folder if it is free, and any free one otherwise. Everything that a
// client was told is written survives the end of the process, but not of the machine: the folder is not synced at each write. A topic
// whose retention is configured keeps the newest 64 MiB of each partition.
func StartKafka(dataDir, listen string) (*Kafka, error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("start the embedded kafka: address %q: %w", listen, err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("start the embedded kafka: address %q: port %q is not a number", listen, text)
	}
	remembered := filepath.Join(dataDir, "port")
	if dataDir != "" {
		if err := os.MkdirAll(dataDir, 0o755); err != nil {
			return nil, fmt.Errorf("start the embedded kafka: make its data folder: %w", err)
		}
		if b, err := os.ReadFile(remembered); err == nil && port == 0 {
			if last, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && free(host, last) {
				port = last
			}
		}
	}
	options := []kfake.Opt{kfake.NumBrokers(1), kfake.BrokerConfigs(bounds), kfake.Ports(port), kfake.ListenFn(func(network, address string) (net.Listener, error) {
		_, p, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return net.Listen("tcp", net.JoinHostPort(host, p))
	})}
	if dataDir != "" {
		options = append(options, kfake.DataDir(filepath.Join(dataDir, "log")))
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		return nil, fmt.Errorf("start the embedded kafka on %s: %w", listen, err)
	}
	k := &Kafka{cluster, cluster.ListenAddrs()[0]}
	if dataDir == "" {
		return k, nil
	}
	_, text, _ = net.SplitHostPort(k.addr)
	if err := os.WriteFile(remembered, []byte(text+"\n"), 0o644); err != nil {
		k.Close()
		return nil, fmt.Errorf("start the embedded kafka: remember its port: %w", err)
	}
	return k, nil
}

// free says whether a port can be listened on now.
func free(host string, port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// Addr returns host:port for clients.
func (k *Kafka) Addr() string { return k.addr }

// Close drops what is beyond the bounds, so that the next start has less to read, ends the broker and its connections, and writes what
// it still holds.
func (k *Kafka) Close() {
	k.cluster.ApplyRetention()
	k.cluster.Close()
}
