package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"skimwatch/services/internal/embedded"
)

// freePort returns an address on which nothing listens now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// broker starts an empty broker and makes every command use it.
func broker(t *testing.T) (address string) {
	t.Helper()
	k, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	t.Setenv("SKIMWATCH_KAFKA", k.Addr())
	t.Setenv("SKIMWATCH_BLOB", t.TempDir())
	return k.Addr()
}

// must runs the program and returns its standard output; it must end well.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, err := run(t, args...)
	if code != 0 {
		t.Fatalf("skimwatch %s: exit %d: %s", strings.Join(args, " "), code, err)
	}
	return out
}

// background runs a service until the test ends and returns a function that stops it and gives what it said.
func background(t *testing.T, args ...string) (stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said := make(chan string, 1)
	go func() {
		var err strings.Builder
		Run(ctx, args, strings.NewReader(""), &strings.Builder{}, &err)
		said <- err.String()
	}()
	stop = func() string {
		cancel()
		text := <-said
		said <- text
		return text
	}
	t.Cleanup(func() { stop() })
	return stop
}

// A world goes through Kafka and the engine, and comes out as replay scores it from a file.
func TestStreamAnswersAsReplay(t *testing.T) {
	broker(t)
	dir := t.TempDir()
	file, out := filepath.Join(dir, "tx.ndjson"), filepath.Join(dir, "out.ndjson")
	world := []string{"simulate", "--cards", "200", "--atms", "15", "--days", "3", "--fraud-rate", "0.05", "--progress=false"}
	must(t, "topics", "create", "--partitions", "1") // with more the order between cards may be another one
	must(t, append(world, "--out", "kafka")...)
	must(t, append(world, "--out", file)...)
	must(t, "replay", "--in", file, "--out", out)
	admin := freePort(t)
	stop := background(t, "score", "--admin", admin, "--group", "test")

	sent := strings.Count(must(t, "tail", "transactions", "--from-start", "--until-end"), "\n")
	if sent < 100 {
		t.Fatalf("a world of %d transactions is too small", sent)
	}
	got := map[string]string{}
	scores := must(t, "tail", "scores", "--from-start", "--count", strconv.Itoa(sent))
	for line := range strings.Lines(scores) {
		var s struct {
			Value json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		got[id(t, s.Value)] = string(s.Value)
	}
	for line := range strings.Lines(text(t, out)) {
		line = strings.TrimSpace(line)
		if name := id(t, []byte(line)); got[name] != line {
			t.Fatalf("the stream answers\n%s\nand replay\n%s", got[name], line)
		}
	}
	if answer := must(t, "healthcheck", "--address", admin); answer != "kafka: ready\n" {
		t.Errorf("healthcheck said %q", answer)
	}
	// A stage's metrics come when it has been seen at work, each at a time of its own; deploy/alerts.yml looks at some.
	wanted := []string{`skimwatch_lag{stage="atm",partition="0"}`, `skimwatch_applied_total{stage="card",partition="0"}`, `skimwatch_watermark_seconds{stage="atm",partition="0"}`,
		"skimwatch_checkpoints_total", "process_"}
	for _, name := range regexp.MustCompile(`skimwatch_[a-z_]+`).FindAllString(text(t, filepath.Join("..", "..", "deploy", "alerts.yml")), -1) {
		wanted = append(wanted, name+"{")
	}
	until(t, "http://"+admin+"/metrics", wanted...)
	if said := stop(); !strings.Contains(said, "the rules decide alone until one is promoted") {
		t.Errorf("score said:\n%s", said)
	}
	fails(t, 3, "no answer", "healthcheck", "--address", admin)
}

// id returns the transaction of an answer.
func id(t *testing.T, answer []byte) string {
	t.Helper()
	var s struct{ ID string }
	if err := json.Unmarshal(answer, &s); err != nil || s.ID == "" {
		t.Fatalf("%v in %s", err, answer)
	}
	return s.ID
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Labels of a file arrive on their topic, all or none.
func TestImportLabels(t *testing.T) {
	broker(t)
	must(t, "topics", "create")
	file := filepath.Join(t.TempDir(), "labels.ndjson")
	good := `{"transaction":"t1","fraud":true,"source":"chargeback","known_at":"2026-03-01T00:00:00Z"}` + "\n"
	write := func(lines string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(good + `{"transaction":"t2"}` + "\n")
	fails(t, 2, "line 2: decode label", "labels", "import", "--in", file)
	if out := must(t, "tail", "labels", "--from-start", "--until-end"); out != "" {
		t.Errorf("published %s", out)
	}
	write(good)
	if out := must(t, "labels", "import", "--in", file, "--json"); out != `{"published":1}`+"\n" {
		t.Errorf("said %s", out)
	}
	if out := must(t, "tail", "labels", "--from-start", "--until-end"); !strings.Contains(out, `"key":"t1"`) || !strings.Contains(out, `"source":"chargeback"`) {
		t.Errorf("published %s", out)
	}
	fails(t, 2, "no such file", "labels", "import", "--in", file+".not")
}

// A service on a broker without topics ends and names the command that creates them.
func TestScoreWithoutTopics(t *testing.T) {
	broker(t)
	fails(t, 3, "run skimwatch topics create", "score")
	fails(t, 2, "--checkpoint-every 0s is not above zero", "score", "--checkpoint-every", "0s")
	fails(t, 2, "--rules x: this version has built-in rules only", "score", "--rules", "x")
	fails(t, 2, "skimwatch models list shows what there is", "score", "--model", "fraud/9")
	t.Setenv("SKIMWATCH_BLOB", "")
	fails(t, 2, "blob is not set: give --blob or set SKIMWATCH_BLOB", "score")
}

// A broker that is down is waited for.
func TestScoreWaitsForItsBroker(t *testing.T) {
	t.Setenv("SKIMWATCH_BLOB", t.TempDir())
	admin, address := freePort(t), freePort(t)
	stop := background(t, "score", "--admin", admin, "--kafka", address)
	until(t, "http://"+admin+"/readyz", "kafka: not ready: not reached yet")
	k, err := embedded.StartKafka("", address)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	// It has no topics, so the service gives up with the reason.
	deadline := time.Now().Add(patience)
	for {
		response, err := http.Get("http://" + admin + "/livez")
		if err != nil {
			break
		}
		response.Body.Close()
		if time.Now().After(deadline) {
			t.Fatal("the service did not notice the broker")
		}
		time.Sleep(20 * time.Millisecond)
	}
	if said := stop(); !strings.Contains(said, "is not reachable: ") || !strings.Contains(said, "run skimwatch topics create") {
		t.Errorf("score said:\n%s", said)
	}
}

func TestHealthcheck(t *testing.T) {
	t.Setenv("SKIMWATCH_ADMIN", "")
	fails(t, 2, "give --address host:port or set SKIMWATCH_ADMIN", "healthcheck")
	fails(t, 2, "is not host:port", "healthcheck", "--address", "nowhere")
	ready := true
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	t.Setenv("SKIMWATCH_ADMIN", "0.0.0.0:"+port)
	must(t, "healthcheck")
	ready = false
	fails(t, 4, "503", "healthcheck")
}

// patience is how long a test waits for what comes in a second on a quiet machine.
const patience = 2 * time.Minute

// until asks url until the answer holds all that is wanted.
func until(t *testing.T, url string, wanted ...string) {
	t.Helper()
	for deadline, last := time.Now().Add(patience), ""; ; time.Sleep(20 * time.Millisecond) {
		if response, err := http.Get(url); err == nil {
			b, err := io.ReadAll(response.Body)
			response.Body.Close()
			last = string(b)
			if err == nil && !slices.ContainsFunc(wanted, func(want string) bool { return !strings.Contains(last, want) }) {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s never answered all of %q; its last answer: %s", url, wanted, last)
		}
	}
}
