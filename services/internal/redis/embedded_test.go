package redis

import (
	"context"
	"strings"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/services/internal/embedded"
)

func openEmbedded(t *testing.T) (*Live, *embedded.Redis) {
	server, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	l, err := New(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, server
}

func TestEmbedded(t *testing.T) {
	contract(t, func(t *testing.T) *Live { l, _ := openEmbedded(t); return l })
}

func TestFlushedServerIsEmpty(t *testing.T) {
	l, server := openEmbedded(t)
	ok(t, l.CountDeadLetters(t.Context(), 1))
	server.Flush()
	if empty, err := l.Empty(t.Context()); !empty || err != nil {
		t.Errorf("%v, %v", empty, err)
	}
}

func TestLostServer(t *testing.T) {
	l, server := openEmbedded(t)
	signals, err := l.Subscribe(t.Context())
	ok(t, err)
	server.Close()
	if _, open := <-signals; open {
		t.Error("a signal from a server that is gone")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, err := range []error{l.Ping(ctx), l.CountDeadLetters(ctx, 1), l.Announce(ctx, dashboards.Signal{}), func() error { _, err := l.Live(ctx, 1); return err }()} {
		if err == nil {
			t.Error("a server that is gone answered")
		}
	}
}

func TestNew(t *testing.T) {
	f := func(address, want string) {
		t.Helper()
		l, err := New(address)
		if want == "" {
			if err != nil {
				t.Error(err)
				return
			}
			l.Close()
		} else if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%q): %v", address, err)
		}
	}
	f("127.0.0.1:6379", "")
	f("redis://user:secret@127.0.0.1:6379/1", "")
	f("", `""`)
	f("localhost", `"localhost"`)
	f("http://127.0.0.1:6379", "redis address")
}
