package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/redis"
	"skimwatch/services/internal/sqlite"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// system starts embedded servers.
func system(t *testing.T) Servers {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	k, err := embedded.StartKafka("", "127.0.0.1:0")
	ok(t, err)
	t.Cleanup(k.Close)
	r, err := embedded.StartRedis()
	ok(t, err)
	t.Cleanup(r.Close)
	var s Servers
	t.Cleanup(func() { s.close() })
	s.Broker = kafka.New(k.Addr())
	_, err = s.Broker.CreateTopics(ctx, 2)
	ok(t, err)
	s.Live, err = redis.New(r.Addr())
	ok(t, err)
	db, err := sqlite.Create(ctx, filepath.Join(dir, "h.db"))
	ok(t, err)
	s.History = history.New(db, history.SQLite)
	ok(t, s.History.Migrate(ctx))
	s.Blobs, err = blob.Create(filepath.Join(dir, "blobs"))
	ok(t, err)
	return s
}

// start serves the dashboard on a free port until the test ends.
func start(t *testing.T, s Servers) (d *Dashboard, url string) {
	t.Helper()
	d, err := New(s, Options{Log: slog.New(slog.DiscardHandler)})
	ok(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error("serve ended with", err)
		}
	})
	return d, URL(l)
}

// raised is a scored transaction with its alert, as the engine sends them.
func raised(n int) (atm.Score, atm.Alert) {
	t := atm.Transaction{
		ID: fmt.Sprint("t", n), Time: atm.Time(n+1) * atm.Minute, Card: "card-1", BIN: "420000", Last4: "1234", ATM: "ATM1", Lat: 53.5, Lon: 10, Country: "DE", City: "Hamburg",
		Kind: atm.Withdrawal, Amount: 48000, Currency: "EUR", Entry: atm.Magstripe, Response: atm.Approved, Has: atm.HasPlace | atm.HasAmount,
	}
	vector := make([]float64, feature.Size())
	now := atm.TimeOf(time.Now())
	s := atm.Score{Transaction: t, CardAt: atm.Position{Offset: int64(n)}, ATMAt: atm.Position{Offset: int64(n)}, FeatureSet: feature.Hash(), Vector: vector,
		Score: 0.9, Threshold: 0.5, Decision: atm.Alerts, Reasons: []atm.Reason{{Code: feature.Names()[0], Text: "9 events", Contribution: 0.4}}, Produced: now, Scored: now}
	a := atm.Alert{ID: fmt.Sprint("a", n), Transaction: t.ID, Card: t.Card, ATM: t.ATM, Time: t.Time, Score: s.Score, Threshold: s.Threshold, Reasons: s.Reasons, BIN: t.BIN, Last4: t.Last4,
		Lat: t.Lat, Lon: t.Lon, HasPlace: true, Country: t.Country, City: t.City, Kind: "withdrawal", Amount: t.Amount, Currency: t.Currency, Response: "00", Produced: now, Raised: now}
	for i, name := range feature.Names() {
		a.Evidence = append(a.Evidence, atm.Evidence{Feature: name, Value: float64(i), Contribution: 0.01})
	}
	return s, a
}

func (s Servers) raise(t *testing.T, n int) {
	t.Helper()
	score, alert := raised(n)
	ctx := t.Context()
	ok(t, s.History.AppendScores(ctx, []atm.Score{score}))
	ok(t, s.History.AppendAlerts(ctx, []atm.Alert{alert}))
	ok(t, s.Live.CountScores(ctx, []atm.Score{score}))
	ok(t, s.Live.PublishAlerts(ctx, []atm.Alert{alert}))
}

// call sends a request and returns the body of the answer, which must have the status.
func call(t *testing.T, c *http.Client, method, url, token, body string, want int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	ok(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.Do(r)
	ok(t, err)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	ok(t, err)
	if answer.StatusCode != want {
		t.Fatalf("%s %s answers %d, want %d: %.500s", method, url, answer.StatusCode, want, b)
	}
	return string(b)
}

// TestFromAlertToLabel goes the whole way on the real adapters: alerts of one card are an episode of the queue, a program
// decides it, and its transactions are labelled on the topic.
func TestFromAlertToLabel(t *testing.T) {
	s := system(t)
	for n := range 3 {
		s.raise(t, n)
	}
	d, url := start(t, s)
	user, err := d.Renew(t.Context(), "robot", dashboards.Analyst)
	ok(t, err)
	var queue struct {
		Alerts []struct {
			ID   string
			Hits int
		}
	}
	ok(t, json.Unmarshal([]byte(call(t, http.DefaultClient, "GET", url+"/api/v1/alerts", user.Token, "", 200)), &queue))
	if len(queue.Alerts) != 1 || queue.Alerts[0].Hits != 3 {
		t.Fatalf("the queue holds %+v, want one episode with three hits", queue.Alerts)
	}
	before := now()
	call(t, http.DefaultClient, "POST", url+"/api/v1/alerts/"+queue.Alerts[0].ID+"/decide", user.Token, `{"verdict":"fraud","reason":"counterfeit_card"}`, 200)

	atOnce := *d.relay
	atOnce.Now = func() atm.Time { return before }
	if n, err := atOnce.Step(t.Context()); err != nil || n != 0 {
		t.Errorf("%d labels left while the decision can still be taken back, %v", n, err)
	}
	later := *d.relay
	later.Now = func() atm.Time { return now() + 11*atm.Second }
	if n, err := later.Step(t.Context()); err != nil || n != 3 {
		t.Fatalf("%d labels left, %v", n, err)
	}
	got := map[string]atm.Label{}
	for p := range 2 {
		_, end, err := s.Broker.Offsets(t.Context(), kafka.Labels)
		ok(t, err)
		ok(t, s.Broker.ReadTo(t.Context(), kafka.Labels, p, 0, end[p], func(records []kafka.Record) error {
			for _, r := range records {
				l, err := atm.DecodeLabel(r.Value)
				if err != nil || string(r.Key) != l.Transaction {
					t.Errorf("record %s: %s, %v", r.Key, r.Value, err)
				}
				got[l.Transaction] = l
			}
			return nil
		}))
	}
	for n := range 3 {
		l := got[fmt.Sprint("t", n)]
		if !l.Fraud || l.Source != atm.Analyst || l.By != "robot" || l.Reason != "counterfeit_card" || l.KnownAt != 3*atm.Minute {
			t.Errorf("label %d is %+v", n, l)
		}
	}
}

// TestPagesOnRealAdapters opens every page as a program that keeps cookies, over plain HTTP.
func TestPagesOnRealAdapters(t *testing.T) {
	s := system(t)
	d, url := start(t, s)
	_, err := d.Renew(t.Context(), "ada", dashboards.Admin)
	ok(t, err)
	jar, err := cookiejar.New(nil)
	ok(t, err)
	c := &http.Client{Jar: jar}
	link := d.SignIn(url, "ada")
	call(t, c, "GET", link, "", "", 200)
	call(t, http.DefaultClient, "GET", link, "", "", 401)
	paths := []string{"/", "/overview/series", "/queue", "/models", "/system", "/api/v1/overview", "/api/v1/models", "/api/v1/system"}
	for _, p := range paths { // nothing has happened yet
		call(t, c, "GET", url+p, "", "", 200)
	}
	s.raise(t, 0)
	for _, p := range append(paths, "/alerts/a0") {
		call(t, c, "GET", url+p, "", "", 200)
	}
	page := call(t, c, "GET", url+"/alerts/a0", "", "", 200)
	for _, want := range []string{"9 events", "420000 •••• 1234", "Hamburg", "EUR\u00a0480.00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the alert's page does not show %q", want)
		}
	}
	// The page gives each dependency two seconds, which a busy machine may need for itself.
	for began := time.Now(); ; {
		system := call(t, c, "GET", url+"/system", "", "", 200)
		if !strings.Contains(system, "◆ down") && strings.Count(system, "● up") == 4 {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatal("not all four dependencies are up")
		}
	}
}

// TestFirstUser adds admin once and never touches it again.
func TestFirstUser(t *testing.T) {
	s := system(t)
	d, err := New(s, Options{Log: slog.New(slog.DiscardHandler)})
	ok(t, err)
	f := func(want bool) {
		t.Helper()
		if added, err := d.firstUser(t.Context()); err != nil || added != want {
			t.Errorf("added is %v, %v", added, err)
		}
	}
	f(true)
	f(false)
	if _, err := Renew(t.Context(), s.History, "eve", "owner"); err == nil {
		t.Error("a role that does not exist is taken")
	}
}

func TestURL(t *testing.T) {
	l, err := net.Listen("tcp", ":0")
	ok(t, err)
	defer l.Close()
	if got := URL(l); !strings.HasPrefix(got, "http://127.0.0.1:") {
		t.Errorf("of all addresses a browser is sent to %s", got)
	}
}
