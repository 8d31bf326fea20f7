package dashboards_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
	"skimwatch/engine/atm"
)

// listener reads the server-sent events of one stream.
type listener struct {
	t    *testing.T
	body *bufio.Scanner
}

// next returns the data of the next event of that name; others are passed over.
func (l *listener) next(name string) string {
	l.t.Helper()
	event := ""
	for l.body.Scan() {
		line := l.body.Text()
		if e, ok := strings.CutPrefix(line, "event: "); ok {
			event = e
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok && event == name {
			return data
		}
	}
	l.t.Fatalf("the stream ended before an event %s: %v", name, l.body.Err())
	return ""
}

// listen opens a stream on a running dashboard as a signed-in user.
func (s *still) listen(server *httptest.Server, c *client, path string) *listener {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	s.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for k, v := range c.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		s.t.Fatalf("%s answers %d, %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	body := bufio.NewScanner(answer.Body)
	body.Buffer(nil, 1<<20)
	return &listener{s.t, body}
}

// running serves s, with its feed, until the test ends or stop is called.
func (s *still) running() (server *httptest.Server, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.dash.Run(ctx) }()
	server = httptest.NewServer(s.dash.Handler())
	stop = func() { cancel(); <-done }
	s.t.Cleanup(func() { stop(); server.Close() })
	return server, stop
}

func TestLiveStream(t *testing.T) {
	s := newStill(t, storybook.Many)
	server, stop := s.running()
	c := s.as("analyst")
	l := s.listen(server, c, "/live?topic=queue&min=0.5&since="+storybook.Now.String())
	var figures struct {
		Open  string
		Tiles []struct{ Label, Value string }
		Queue struct{ New int }
	}
	decode := func(data string, into any) {
		t.Helper()
		if err := json.Unmarshal([]byte(data), into); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
	}
	decode(l.next("figures"), &figures)
	if figures.Open != "97,938" || len(figures.Tiles) != 8 || figures.Queue.New != 0 {
		t.Errorf("at once it tells %+v", figures)
	}

	// Signals are passed on once the hub follows the feed, which it may not do yet.
	s.wait(time.Second)
	s.world.Raise("b0000001-5eed-5000-8000-000000000001", 0.7)
	s.world.Raise("b0000002-5eed-5000-8000-000000000002", 0.4) // below the filter
	for figures.Queue.New == 0 {
		decode(l.next("figures"), &figures)
	}
	if figures.Queue.New != 1 {
		t.Errorf("%d new rows match the filter, want 1", figures.Queue.New)
	}
	s.world.Announce(t.Context(), dashboards.Signal{Kind: dashboards.Changed, ID: "e1"})
	if got := l.next("changed"); got != `["e1"]` {
		t.Errorf("changed tells %s", got)
	}
	c.post("/logout", nil)
	l.next("ended")

	again := s.listen(server, s.as("viewer"), "/live")
	again.next("figures")
	stop()
	for again.body.Scan() { // it ends, or this test does not
	}
}

// TestLiveSurvivesTrouble lets the counters fail: the stream goes on and says so.
func TestLiveSurvivesTrouble(t *testing.T) {
	s := newStill(t, storybook.Many)
	ports := s.world.Ports()
	broken := &brokenCounters{}
	ports.Counters = broken
	var err error
	if s.dash, err = dashboards.New(ports, dashboards.Options{Now: func() atm.Time { return atm.Time(s.clock.Load()) }}); err != nil {
		t.Fatal(err)
	}
	server, _ := s.running()
	l := s.listen(server, s.as("viewer"), "/live")
	if got := l.next("trouble"); !strings.Contains(got, "cannot be read") {
		t.Errorf("trouble tells %s", got)
	}
	for _, path := range []string{"/system", "/models"} {
		if r := s.as("viewer").get(path); r.Code != http.StatusOK {
			t.Errorf("%s answers %d without counters", path, r.Code)
		}
	}
	if r := s.as("viewer").get("/"); r.Code != http.StatusGatewayTimeout || !strings.Contains(r.Body.String(), "/system") {
		t.Errorf("the overview answers %d without counters", r.Code)
	}
}

type brokenCounters struct{}

func (*brokenCounters) Live(context.Context, int) (dashboards.Live, error) {
	return dashboards.Live{}, context.DeadlineExceeded
}
