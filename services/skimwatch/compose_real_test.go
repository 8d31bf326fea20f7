//go:build real

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/postgres"
)

// TestCompose starts every container of ours as a process of the built program, with exactly the command and the environment of
// docker-compose.yml, addresses mapped to servers that run on this machine; waits for the health checks; and sees an alert on
// the dashboard.
func TestCompose(t *testing.T) {
	s := newSystem(t)
	s.setup(t)
	for name, c := range s.containers {
		if name != "setup" {
			s.start(t, name, c)
		}
	}
	for name, c := range s.containers {
		if name != "setup" {
			s.healthy(t, name, c)
		}
	}
	s.signIn(t)
	s.alert(t)
	s.stop(t)
}

// system is the composition as processes.
type system struct {
	binary     string
	containers map[string]container
	mapped     map[string]*strings.Replacer // by container
	pages      string                       // address of the dashboard
	running    map[string]*process
}

// process is a container's stand-in.
type process struct {
	cmd  *exec.Cmd
	done chan error
	mu   sync.Mutex
	said bytes.Buffer
}

// Write takes what the process says.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

func newSystem(t *testing.T) *system {
	t.Helper()
	dir := t.TempDir()
	s := &system{binary: filepath.Join(dir, "skimwatch"), containers: map[string]container{}, mapped: map[string]*strings.Replacer{}, pages: freePort(t), running: map[string]*process{}}
	if out, err := exec.Command("go", "build", "-o", s.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	broker, database := os.Getenv("SKIMWATCH_TEST_KAFKA"), schema(t, os.Getenv("SKIMWATCH_TEST_POSTGRES"))
	redis := os.Getenv("SKIMWATCH_TEST_REDIS")
	if broker == "" || redis == "" {
		t.Fatal("SKIMWATCH_TEST_KAFKA and SKIMWATCH_TEST_REDIS are not set: run make test-real")
	}
	fresh(t, broker)
	for name, c := range compose(t) {
		if !c.ours() {
			continue
		}
		s.containers[name] = c
		s.mapped[name] = strings.NewReplacer(
			"kafka:9092", broker, "valkey:6379", redis, c.Environment["SKIMWATCH_DATABASE"], database,
			"/var/lib/skimwatch", filepath.Join(dir, "blobs"), ":9100", freePort(t), ":8080", s.pages)
	}
	return s
}

// schema gives the test a schema of its own and returns the address of the database with it.
func schema(t *testing.T, address string) string {
	t.Helper()
	if address == "" {
		t.Fatal("SKIMWATCH_TEST_POSTGRES is not set: run make test-real")
	}
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("compose_%d", time.Now().UnixNano())
	if _, err := db.Exec(`CREATE SCHEMA ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(`DROP SCHEMA ` + name + ` CASCADE`); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// fresh wants a broker on which nobody ran a stream before.
func fresh(t *testing.T, address string) {
	t.Helper()
	b := kafka.New(address)
	defer b.Close()
	var missing *kafka.MissingTopics
	if err := b.CheckTopics(t.Context()); errors.As(err, &missing) {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{kafka.Transactions, kafka.ByATM, kafka.Scores, kafka.Alerts} {
		_, end, err := b.Offsets(t.Context(), topic)
		if err != nil {
			t.Fatal(err)
		}
		for p, n := range end {
			if n > 0 {
				t.Fatalf("topic %s, partition %d holds %d records: this test needs a broker of its own", topic, p, n)
			}
		}
	}
}

// start starts the stand-in of a container.
func (s *system) start(t *testing.T, name string, c container) {
	t.Helper()
	p := &process{done: make(chan error, 1)}
	p.cmd = s.command(name, c, c.Command)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.running[name] = p
	go func() { p.done <- p.cmd.Wait() }()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, p.text())
		}
	})
}

// command returns a command of the program in the environment of a container, and nothing else in it.
func (s *system) command(name string, c container, args []string) *exec.Cmd {
	replace := s.mapped[name].Replace
	cmd := exec.Command(s.binary)
	cmd.Env = []string{"PATH=/nowhere"}
	for k, v := range c.Environment {
		cmd.Env = append(cmd.Env, k+"="+replace(v))
	}
	for _, a := range args {
		cmd.Args = append(cmd.Args, replace(a))
	}
	return cmd
}

// setup runs the container that ends by itself.
func (s *system) setup(t *testing.T) {
	t.Helper()
	c := s.containers["setup"]
	s.start(t, "setup", c)
	select {
	case err := <-s.running["setup"].done:
		if err != nil {
			t.Fatalf("setup: %v", err)
		}
	case <-time.After(5 * time.Minute):
		t.Fatal("setup did not end")
	}
	delete(s.running, "setup")
}

// healthy waits until a container's health check passes.
func (s *system) healthy(t *testing.T, name string, c container) {
	t.Helper()
	s.within(t, name+" is healthy", 2*time.Minute, func() bool {
		return s.command(name, c, c.Healthcheck.Test[2:]).Run() == nil
	})
}

// within waits until check holds, while every process runs.
func (s *system) within(t *testing.T, what string, limit time.Duration, check func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !check(); time.Sleep(200 * time.Millisecond) {
		for name, p := range s.running {
			select {
			case err := <-p.done:
				t.Fatalf("waiting until %s: %s ended: %v", what, name, err)
			default:
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited %s until %s", limit, what)
		}
	}
}

// signIn follows the link in the dashboard's log, as a person does.
func (s *system) signIn(t *testing.T) {
	t.Helper()
	var link string
	for lines := bufio.NewScanner(strings.NewReader(s.running["dashboard"].text())); lines.Scan(); {
		if i := strings.Index(lines.Text(), "http://"); i >= 0 && strings.Contains(lines.Text(), "sign in as admin") {
			link = lines.Text()[i:]
		}
	}
	response, err := http.Get(link)
	if err != nil {
		t.Fatalf("sign-in link %q: %v", link, err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("the sign-in link answers %s", response.Status)
	}
}

// alert waits for an alert of the live stream on the dashboard's API.
func (s *system) alert(t *testing.T) {
	t.Helper()
	c := s.containers["dashboard"]
	out, err := s.command("dashboard", c, []string{"users", "add", "program", "--role", "viewer", "--json"}).Output()
	if err != nil {
		t.Fatal(err)
	}
	var user struct{ Token string }
	if err := json.Unmarshal(out, &user); err != nil || user.Token == "" {
		t.Fatalf("%v in %s", err, out)
	}
	var answer string
	s.within(t, "an alert is on the dashboard", 2*time.Minute, func() bool {
		answer = s.get(t, "/api/v1/alerts", user.Token)
		var list struct{ Alerts []struct{ ID, Model string } }
		return json.Unmarshal([]byte(answer), &list) == nil && len(list.Alerts) > 0 && list.Alerts[0].Model != ""
	})
	t.Logf("first alerts: %.400s", answer)
}

func (s *system) get(t *testing.T, path, token string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.pages+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%s answers %s, %v: %s", path, response.Status, err, b)
	}
	return string(b)
}

// stop ends every process as docker does; each must drain and end well.
func (s *system) stop(t *testing.T) {
	t.Helper()
	for _, p := range s.running {
		p.cmd.Process.Signal(syscall.SIGTERM)
	}
	for name, p := range s.running {
		select {
		case err := <-p.done:
			if err != nil {
				t.Errorf("%s ended with %v", name, err)
			}
		case <-time.After(40 * time.Second):
			t.Errorf("%s did not drain", name)
		}
	}
}
