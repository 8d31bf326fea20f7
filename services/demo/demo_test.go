package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/models/forest"
	"skimwatch/models/registry"
	"skimwatch/models/train"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/sqlite"
	"skimwatch/services/scorer"
	"skimwatch/services/setup"
	"skimwatch/services/trainer"
	"skimwatch/simulator"
)

// small is a demo that is set up within seconds.
func small(dir string) Options {
	return Options{DataDir: dir, Listen: "127.0.0.1:0", Speed: 20_000, JSON: true, Err: io.Discard, Log: slog.New(slog.DiscardHandler),
		Setup: setup.Options{Simulator: simulator.Config{Seed: 5, Cards: 600, ATMs: 40, Start: setup.Start, FraudRate: 0.01}, Days: 14, Partitions: 2, Group: scorer.DefaultGroup}}
}

// run runs the demo until enough says so and returns its summary; ready is called when the dashboard answers.
func run(t *testing.T, o Options, ready func(ready), enough func() bool) summary {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	out, in := io.Pipe()
	o.Out = in
	ended := make(chan error, 1)
	go func() { err := Run(ctx, o); in.CloseWithError(io.EOF); ended <- err }()
	lines := json.NewDecoder(out)
	ready1 := readyLine{}
	if err := lines.Decode(&ready1); err != nil {
		t.Fatalf("no ready event: %v, %v", err, <-ended)
	}
	ready(ready1)
	go func() {
		for !enough() && ctx.Err() == nil {
			time.Sleep(50 * time.Millisecond)
		}
		stop()
	}()
	var s summary
	if err := lines.Decode(&s); err != nil {
		t.Fatalf("no summary: %v, %v", err, <-ended)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return s
}

type readyLine = ready

// stored counts the transactions of the live stream in the history, and what is in the history at all.
func stored(t *testing.T, dir string) (c history.Counts, live int64) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	store := history.New(db, history.SQLite)
	defer store.Close()
	if c, err = store.Counts(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = store.Rows(t.Context(), history.ByCard, func(r *history.Row) error {
		if r.CardAt.Offset >= 0 {
			live++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, live
}

// The whole system runs, is stopped, and goes on where it was: every transaction is answered and stored once.
func TestRunAndContinue(t *testing.T) {
	dir := t.TempDir()
	var client http.Client
	signIn := func(r ready) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client.Jar = jar
		page := get(t, &client, r.SignIn, http.StatusOK)
		if !strings.Contains(page, "skimwatch") {
			t.Error("the link does not lead to the dashboard")
		}
		get(t, &http.Client{}, r.SignIn, http.StatusForbidden, http.StatusGone, http.StatusUnauthorized, http.StatusNotFound)
	}
	var sum int64
	for n, want := range []int64{1500, 1000} {
		var now ready
		s := run(t, small(dir), func(r ready) { signIn(r); now = r }, func() bool {
			// What is shown may be ahead of what was produced: after a start the live totals may count a replay twice.
			produced, err := total(t.Context(), now, kafka.Transactions)
			return err == nil && produced >= sum+want && shown(&client, now) >= sum+want
		})
		sum += s.Transactions
		if s.Transactions < want || s.Scored+s.DeadLettered != s.Transactions || s.Model != "fraud/1" || s.Latency.P50 <= 0 {
			t.Errorf("run %d: %+v", n+1, s)
		}
		c, live := stored(t, dir)
		if live != sum || c.Scores != sum {
			t.Errorf("after run %d: %d live transactions and %d scores are stored, %d were produced", n+1, live, c.Scores, sum)
		}
	}
}

// shown returns how many transactions the overview shows; 0 when it does not answer in time, as on a busy machine it may.
func shown(c *http.Client, r ready) int64 {
	answer, err := c.Get(r.Dashboard + "/api/v1/overview")
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	var o struct {
		Transactions int64 `json:"transactions"`
	}
	if json.NewDecoder(answer.Body).Decode(&o) != nil {
		return 0
	}
	return o.Transactions
}

// get returns a page whose status is one of those wanted; pages are followed.
func get(t *testing.T, c *http.Client, url string, want ...int) string {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	for _, w := range want {
		if r.StatusCode == w {
			return string(b)
		}
	}
	t.Errorf("GET %s: %s, want %d", r.Request.URL.Path, r.Status, want)
	return string(b)
}

// An alert is decided on the dashboard; its label reaches the history, counts in the next training, and the engine takes the
// new champion over while it runs.
func TestDecisionBecomesATrainingLabel(t *testing.T) {
	o := small(t.TempDir())
	var client http.Client
	var base string
	step := func() bool { return false }
	s := run(t, o, func(r ready) {
		base = r.Dashboard
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client.Jar = jar
		get(t, &client, r.SignIn, http.StatusOK)
		step = func() bool { return decideAndTrain(t, &client, base, o) }
	}, func() bool { return step() })
	if s.Model != "fraud/2" {
		t.Errorf("at the end the engine scores with %q", s.Model)
	}
}

// decideAndTrain plays an analyst and a model owner; it reports true when it is done, or has given up.
func decideAndTrain(t *testing.T, c *http.Client, base string, o Options) bool {
	var queue struct {
		Alerts []struct {
			ID string `json:"id"`
		} `json:"alerts"`
	}
	if err := json.Unmarshal([]byte(get(t, c, base+"/api/v1/alerts", http.StatusOK)), &queue); err != nil {
		t.Error(err)
		return true
	}
	if len(queue.Alerts) == 0 {
		return false
	}
	r, err := c.Post(base+"/api/v1/alerts/"+queue.Alerts[0].ID+"/decide", "application/json", strings.NewReader(`{"verdict":"fraud","reason":"counterfeit_card"}`))
	if err != nil {
		t.Error(err)
		return true
	}
	answer, _ := io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Errorf("decide: %s %s", r.Status, answer)
		return true
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(o.DataDir, "history.db"))
	if err != nil {
		t.Error(err)
		return true
	}
	store := history.New(db, history.SQLite)
	defer store.Close()
	eventually(t, "the label in the history", func() bool {
		counts, err := store.LabelCounts(t.Context(), 0)
		return err == nil && slices.ContainsFunc(counts, func(c dashboards.LabelCount) bool { return c.Source == atm.Analyst && c.Fraud && c.Count > 0 })
	})
	blobs, err := openBlobs(o.DataDir)
	if err != nil {
		t.Error(err)
		return true
	}
	models := registry.New(blobs)
	// The label is known at the newest event time when it was decided; the next transaction is later.
	newest := atm.Time(0)
	eventually(t, "a training that counts the label", func() bool {
		job := trainer.Job{Data: trainer.Database{Store: store}, By: "test", Now: func() atm.Time { return 1 }, Config: train.Config{Forest: forest.Config{Seed: 2, Trees: 5}}}
		if _, newest, err = store.Span(t.Context()); err != nil {
			return false
		}
		job.Config.Cutoff = newest
		out, err := job.Run(t.Context())
		if err != nil || out.Report.Labels[atm.Analyst] == 0 {
			return false
		}
		m, err := models.Register(t.Context(), out.Manifest, out.Model.Encode())
		if err == nil {
			_, err = models.Promote(t.Context(), registry.Champion, m.Version, registry.Who{By: "test", At: 1})
		}
		return err == nil
	})
	// Each partition takes it over at a checkpoint of its own.
	eventually(t, "a score by the new champion on every partition", func() bool {
		partitions := 0
		err := db.QueryRow(`SELECT count(DISTINCT t.atm_partition) FROM scores s JOIN transactions t ON t.id = s.tx WHERE s.model = 'fraud/2'`).Scan(&partitions)
		return err == nil && partitions == o.Setup.Partitions
	})
	return true
}

// eventually waits up to two minutes for something that happens by itself.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(200 * time.Millisecond) {
		if happened() {
			return
		}
	}
	t.Errorf("%s did not come within two minutes", what)
}

// A world too small to learn from runs all the same: the rules decide alone.
func TestRunWithoutAModel(t *testing.T) {
	o := small(t.TempDir())
	o.Setup.Simulator.Cards, o.Setup.Days = 100, 7
	var now ready
	s := run(t, o, func(r ready) { now = r }, func() bool {
		scored, err := total(t.Context(), now, kafka.Scores)
		return err == nil && scored >= 50
	})
	if s.Model != "" || s.Transactions == 0 || s.Scored+s.DeadLettered != s.Transactions {
		t.Errorf("%+v", s)
	}
}

func TestRunRefuses(t *testing.T) {
	f := func(o Options, code int, words string) {
		t.Helper()
		o.Out = new(bytes.Buffer)
		err := Run(t.Context(), o)
		if err == nil || daemon.Code(err) != code || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v (code %d), want %q (code %d)", err, daemon.Code(err), words, code)
		}
	}
	// a port that is taken
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o := small(t.TempDir())
	o.Listen = taken.Addr().String()
	f(o, daemon.CodeUsage, "--listen")

	// a folder in which nothing can be written
	o = small("/proc/skimwatch")
	f(o, daemon.CodeError, "--data-dir")

	// a folder that another demo has
	o = small(t.TempDir())
	unlock, err := lock(o.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	f(o, daemon.CodeError, "another demo")
	unlock()

	// a folder that was set up as another world
	blobs, err := openBlobs(o.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := json.Marshal(setup.World{Simulator: simulator.Config{Seed: 6, Cards: 600, ATMs: 40, Start: setup.Start}, Days: 14, Partitions: 2, End: setup.Start + 14*atm.Day})
	if err != nil {
		t.Fatal(err)
	}
	if err := blobs.Put(t.Context(), "setup.json", other); err != nil {
		t.Fatal(err)
	}
	f(o, daemon.CodeUsage, "seed 6")
}

func TestFlags(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		cmd := Command()
		cmd.SetArgs(args)
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
		if err := cmd.Execute(); err == nil || daemon.Code(err) != daemon.CodeUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
	f("--days 3", "--days", "3")
	f("--speed -1", "--speed", "-1")
	f("--duration", "--duration", "10ms")
	f("cards", "--cards", "-5")
}
