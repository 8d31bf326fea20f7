package wiring

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
)

func opener(service bool) Opener { return Opener{Log: slog.New(slog.DiscardHandler), Service: service} }

func TestEmbeddedServers(t *testing.T) {
	ctx := t.Context()
	k, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	_, err = opener(true).Broker(ctx, k.Addr())
	if daemon.Code(err) != daemon.CodeUnavailable || !strings.Contains(err.Error(), "run skimwatch topics create") {
		t.Errorf("a broker without topics: %v", err)
	}
	bare, err := opener(false).BareBroker(ctx, k.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	if _, err := bare.CreateTopics(ctx, 2); err != nil {
		t.Fatal(err)
	}
	b, err := opener(false).Broker(ctx, k.Addr())
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l, err := opener(false).Live(ctx, "redis://"+r.Addr()+"/0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	maker := opener(false)
	maker.Create = true
	h, err := maker.History(ctx, "sqlite:"+filepath.Join(t.TempDir(), "new", "h.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.Counts(ctx); err != nil {
		t.Error(err)
	}
	if _, err := opener(false).Blobs("file://" + t.TempDir()); err != nil {
		t.Error(err)
	}
}

// What is not there is made by nobody but who is told to.
func TestMissing(t *testing.T) {
	dir := t.TempDir()
	f := func(err error, words ...string) {
		t.Helper()
		var missing *Missing
		if !errors.As(err, &missing) || daemon.Code(err) != daemon.CodeUnavailable {
			t.Fatalf("got %v, exit code %d", err, daemon.Code(err))
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("got %v, want %q", err, w)
			}
		}
	}
	file, folder := filepath.Join(dir, "typo", "h.db"), filepath.Join(dir, "blob")
	for _, service := range []bool{true, false} {
		_, err := opener(service).History(t.Context(), "sqlite:"+file)
		f(err, file+" is not there", "skimwatch migrate", "--database")
		_, err = opener(service).BareHistory(t.Context(), "sqlite://"+file)
		f(err, file+" is not there")
		_, err = opener(service).Blobs("file://" + folder)
		f(err, "folder "+folder+" is not there", "skimwatch setup", "--blob")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("it made %v, %v", left, err)
	}
	maker := opener(true)
	maker.Create = true
	if _, err := maker.Blobs(folder); err != nil {
		t.Error(err)
	}
	if _, err := opener(true).Blobs(folder); err != nil {
		t.Error(err)
	}
}

func TestWrongAddresses(t *testing.T) {
	o, ctx := opener(true), t.Context() // a service waits for a server, but not for an address to become right
	f := func(what string, err error) {
		t.Helper()
		if daemon.Code(err) != daemon.CodeUsage || !strings.Contains(err.Error(), what) {
			t.Errorf("got %v, want %q with code %d", err, what, daemon.CodeUsage)
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the password is shown: %v", err)
		}
	}
	_, err := o.Broker(ctx, " ,")
	f("SKIMWATCH_KAFKA", err)
	_, err = o.Live(ctx, "")
	f("SKIMWATCH_REDIS", err)
	_, err = o.Live(ctx, "localhost")
	f(`"localhost"`, err)
	_, err = o.History(ctx, "")
	f("SKIMWATCH_DATABASE", err)
	_, err = o.History(ctx, "mysql://u:s3cret@h/d")
	f("neither postgres", err)
	_, err = o.History(ctx, "postgres://u:s3cret@h:port/d")
	f("PostgreSQL URL", err)
	_, err = o.Blobs("")
	f("SKIMWATCH_BLOB", err)
	_, err = o.Blobs("s3://b")
	f("folders only", err)
}

// TestServiceWaits starts the server after the service.
func TestServiceWaits(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for _, service := range []bool{true, false} {
		if _, err := opener(service).BareBroker(ctx, addr); daemon.Code(err) != daemon.CodeUnavailable || !strings.Contains(err.Error(), "kafka "+addr+" is not reachable") {
			t.Errorf("got %v", err)
		}
	}
	opened := make(chan error, 1)
	go func() {
		b, err := opener(true).BareBroker(t.Context(), addr)
		if err == nil {
			b.Close()
		}
		opened <- err
	}()
	k, err := embedded.StartKafka("", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
