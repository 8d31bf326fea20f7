package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestCode(t *testing.T) {
	f := func(err error, want int) {
		t.Helper()
		if got := Code(err); got != want {
			t.Errorf("Code(%v) = %d, want %d", err, got, want)
		}
	}
	f(nil, 0)
	f(io.EOF, 1)
	f(Usage(io.EOF), 2)
	f(fmt.Errorf("start: %w", Unavailable(io.EOF)), 3)
	f(Failed(io.EOF), 4)
	f(Usage(nil), 0)
	// the outermost mark wins
	f(Failed(Unavailable(io.EOF)), 4)
	if !errors.Is(Usage(io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestRetryBacksOffAndLogsRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, nil))
		began, tries := time.Now(), 0
		err := Retry(t.Context(), log, "kafka 127.0.0.1:9092", func(context.Context) error {
			if tries++; time.Since(began) < time.Minute {
				return io.ErrUnexpectedEOF
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if tries < 10 || tries > 40 {
			t.Errorf("%d tries in a minute", tries)
		}
		if n := strings.Count(out.String(), "kafka 127.0.0.1:9092 is not reachable: unexpected EOF; retrying"); n < 4 || n > 6 {
			t.Errorf("logged %d times in a minute:\n%s", n, out.String())
		}
		if !strings.Contains(out.String(), "reachable again") {
			t.Error("the recovery was not logged")
		}
	})
}

func TestRetryEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := Retry(ctx, slog.New(slog.DiscardHandler), "redis", func(context.Context) error { return io.EOF })
		if !errors.Is(err, io.EOF) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDrain(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	f := func(at []time.Duration, work func(context.Context) error, want string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			signals := make(chan os.Signal, 2)
			for _, after := range at {
				time.AfterFunc(after, func() { signals <- syscall.SIGTERM })
			}
			end := make(chan struct{})
			defer close(end)
			if work == nil { // that never ends by itself
				work = func(context.Context) error { <-end; return nil }
			}
			got := fmt.Sprint(drain(t.Context(), log, signals, work))
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	wait := func(ctx context.Context) error { <-ctx.Done(); time.Sleep(time.Second); return ctx.Err() }
	// work that ends by itself
	f(nil, func(context.Context) error { return io.EOF }, "EOF")
	// one signal: the context ends, and that is no error
	f([]time.Duration{time.Second}, wait, "<nil>")
	// an error while draining is told
	f([]time.Duration{time.Second}, func(ctx context.Context) error { <-ctx.Done(); return io.EOF }, "EOF")
	// work that hangs: 30 seconds
	f([]time.Duration{time.Second}, nil, "within 30s")
	// a second signal does not wait
	f([]time.Duration{time.Second, 3 * time.Second}, nil, "second signal")
	// its echo is not a second one
	f([]time.Duration{time.Second, time.Second + 10*time.Millisecond}, wait, "<nil>")
}

func TestListen(t *testing.T) {
	l, err := Listen("127.0.0.1:0", "--listen")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, err = Listen(l.Addr().String(), "listen")
	if Code(err) != CodeUsage || !strings.Contains(fmt.Sprint(err), "port "+port+" is in use") || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("got %v", err)
	}
	if _, err = Listen("8080", "--listen"); Code(err) != CodeUsage || !strings.Contains(err.Error(), `"8080"`) {
		t.Errorf("got %v", err)
	}
}

func TestResolve(t *testing.T) {
	t.Setenv("SKIMWATCH_DATA_DIR", "/env")
	t.Setenv("SKIMWATCH_KAFKA", "env:9092")
	t.Setenv("SKIMWATCH_REDIS", "")
	c := Resolve([]Setting{{Name: "data-dir", Default: "data"}, {Name: "kafka"}, {Name: "redis", Default: "d"}, {Name: "database"}},
		func(name string) (string, bool) { return "flag:9092", name == "kafka" })
	f := func(name, value, origin string) {
		t.Helper()
		if v := c[name]; v.Value != value || v.Origin != origin {
			t.Errorf("%s is %q from %q", name, v.Value, v.Origin)
		}
	}
	f("data-dir", "/env", "environment SKIMWATCH_DATA_DIR")
	f("kafka", "flag:9092", "flag --kafka")
	f("redis", "d", "default")
	if _, err := c.Need("database"); Code(err) != CodeUsage || !strings.Contains(err.Error(), "SKIMWATCH_DATABASE") {
		t.Errorf("got %v", err)
	}
	if got := (Value{Value: "postgres://u:secret@h/d"}).Shown(); strings.Contains(got, "secret") || !strings.Contains(got, "h/d") {
		t.Errorf("shown as %q", got)
	}
}

func TestAdmin(t *testing.T) {
	a := NewAdmin()
	var kafkaErr error
	a.Ready("kafka", func(context.Context) error { return kafkaErr })
	a.Ready("redis", func(context.Context) error { return nil })
	a.Metrics.Counter("skimwatch_scored_total").Add(7)
	f := func(path string, status int, want string) {
		t.Helper()
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != status || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %q, want %d %q", path, w.Code, w.Body, status, want)
		}
	}
	f("/livez", 200, "ok")
	f("/readyz", 200, "kafka: ready\nredis: ready\n")
	f("/metrics", 200, "skimwatch_scored_total 7")
	kafkaErr = io.EOF
	f("/readyz", 503, "kafka: not ready: EOF\nredis: ready\n")
	kafkaErr = nil
	a.Drain()
	f("/readyz", 503, "draining")
	f("/livez", 200, "ok")
}

func TestAdminAnswersWhileACheckHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewAdmin()
		end := make(chan struct{})
		defer close(end)
		a.Ready("kafka", func(context.Context) error { <-end; return nil })
		lines, ok := a.state(t.Context())
		if ok || len(lines) != 1 || !strings.Contains(lines[0], "no answer within 2s") {
			t.Errorf("%v %q", ok, lines)
		}
	})
}

func TestAdminServeEndsWithItsContext(t *testing.T) {
	l, err := Listen("127.0.0.1:0", "--admin")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- NewAdmin().Serve(ctx, l) }()
	r, err := http.Get("http://" + l.Addr().String() + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestNewLogger(t *testing.T) {
	var out bytes.Buffer
	l, err := NewLogger(&out, "warn")
	if err != nil {
		t.Fatal(err)
	}
	l.Info("quiet")
	l.Warn("loud")
	if s := out.String(); strings.Contains(s, "quiet") || !strings.HasPrefix(s, "{") || !strings.Contains(s, `"msg":"loud"`) {
		t.Errorf("logged %q", s)
	}
	if _, err := NewLogger(&out, "chatty"); Code(err) != CodeUsage {
		t.Errorf("got %v", err)
	}
}
