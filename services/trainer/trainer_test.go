package trainer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/models/artifact"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/sqlite"
	"skimwatch/services/settings"
	"skimwatch/services/trainer"
	"skimwatch/simulator"
)

// town is a simulated history in files and in a database.
type town struct {
	transactions, labels, database, blobs string
	rows                                  int
}

func build(t *testing.T) town {
	t.Helper()
	dir := t.TempDir()
	h := town{transactions: filepath.Join(dir, "t.ndjson.gz"), labels: filepath.Join(dir, "l.ndjson"), database: "sqlite:" + filepath.Join(dir, "h.db"), blobs: filepath.Join(dir, "blobs")}
	world, err := simulator.New(simulator.Config{Cards: 300, ATMs: 40, Days: 24, FraudRate: 0.02, Seed: 3})
	must(t, err)
	tw, err := file.CreateTransactions(h.transactions)
	must(t, err)
	lw, err := file.CreateLabels(h.labels)
	must(t, err)
	pipeline := engine.New(engine.Config{Partitions: 2})
	var rows []history.Row
	var labels []atm.Label
	var e simulator.Event
	var s atm.Score
	for world.Next(&e) {
		for _, l := range e.Labels {
			must(t, lw.Put(&l))
			labels = append(labels, l)
		}
		must(t, tw.Put(&e.Transaction))
		pipeline.Push(&e.Transaction, &s)
		rows = append(rows, history.Row{Transaction: e.Transaction, CardAt: s.CardAt, ATMAt: s.ATMAt, Flags: s.Flags})
	}
	must(t, tw.Close())
	must(t, lw.Close())
	db, err := sqlite.Create(context.Background(), strings.TrimPrefix(h.database, "sqlite:"))
	must(t, err)
	store := history.New(db, history.SQLite)
	must(t, store.Migrate(context.Background()))
	must(t, store.AppendBackfill(context.Background(), rows))
	must(t, store.AppendLabels(context.Background(), labels))
	must(t, store.Close())
	h.rows = len(rows)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// command runs skimwatch with the trainer's commands.
func command(args ...string) (stdout, stderr string, err error) {
	root := &cobra.Command{Use: "skimwatch", SilenceUsage: true, SilenceErrors: true}
	settings.Bind(root)
	root.AddCommand(trainer.Commands()...)
	var out, messages bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&messages)
	root.SetArgs(args)
	err = root.ExecuteContext(context.Background())
	return out.String(), messages.String(), err
}

// answer runs a command that must succeed and decodes its JSON.
func answer(t *testing.T, args ...string) map[string]any {
	t.Helper()
	out, messages, err := command(append(args, "--json")...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, messages)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatalf("%v printed %q: %v", args, out, err)
	}
	return m
}

func number(t *testing.T, m map[string]any, path ...string) float64 {
	t.Helper()
	var v any = m
	for _, p := range path {
		v = v.(map[string]any)[p]
	}
	n, ok := v.(float64)
	if !ok {
		t.Fatalf("%v is %v, not a number", path, v)
	}
	return n
}

func TestTrainer(t *testing.T) {
	h := build(t)
	t.Run("train on files", func(t *testing.T) { trainOnFiles(t, h) })
	t.Run("train on the database", func(t *testing.T) { trainOnDatabase(t, h) })
	t.Run("evaluate", func(t *testing.T) { evaluates(t, h) })
	t.Run("refusals", func(t *testing.T) { refuses(t, h) })
}

func trainOnFiles(t *testing.T, h town) {
	model := filepath.Join(t.TempDir(), "model")
	m := answer(t, "train", "--in", h.transactions, "--labels", h.labels, "--out", model, "--trees", "8")
	for _, name := range []string{"average_precision", "roc_auc", "card_precision_at_k", "recall_at_budget", "value_detection_rate", "precision", "recall", "threshold"} {
		if v := number(t, m, name); !(v >= 0 && v <= 1) {
			t.Errorf("%s is %v", name, v)
		}
	}
	if number(t, m, "rows") == 0 || number(t, m, "rows") > float64(h.rows) || number(t, m, "frauds") < 20 || number(t, m, "trees") != 8 {
		t.Errorf("report %v", m)
	}
	if number(t, m, "features") != float64(feature.Size()) || number(t, m, "cpu_seconds") <= 0 || number(t, m, "labels", "simulator") < 20 || m["version"] != nil {
		t.Errorf("report %v", m)
	}
	b, err := os.ReadFile(model)
	must(t, err)
	loaded, err := artifact.Load(b)
	if err != nil || loaded.FeatureSet() != feature.Hash() {
		t.Errorf("written model: %v", err)
	}
	if _, err := os.Stat(model + ".json"); err != nil {
		t.Error(err)
	}

	// the same seed gives the same bytes, another one does not
	again := filepath.Join(t.TempDir(), "again")
	f := func(seed string, same bool) {
		t.Helper()
		answer(t, "train", "--in", h.transactions, "--labels", h.labels, "--out", again, "--trees", "8", "--seed", seed)
		other, err := os.ReadFile(again)
		must(t, err)
		if bytes.Equal(b, other) != same {
			t.Errorf("seed %s: same bytes %v, want %v", seed, !same, same)
		}
	}
	f("1", true)
	f("2", false)
}

func trainOnDatabase(t *testing.T, h town) {
	args := []string{"train", "--database", h.database, "--blob", h.blobs, "--register", "--trees", "8"}
	// the first model may make its registry, but says so
	out, messages, err := command(append(args, "--until", "2026-01-05T12:00:00Z")...)
	if err == nil || out != "" || !strings.Contains(messages, "blob folder "+h.blobs+" was not there and is made") {
		t.Errorf("%v: %s%s", err, out, messages)
	}
	first := answer(t, args...)
	if first["version"] != "fraud/1" || first["role"] != "champion" || first["champion"] != nil {
		t.Errorf("first %v", first)
	}
	second := answer(t, append(args, "--seed", "2")...)
	if second["version"] != "fraud/2" || second["role"] != "champion" {
		t.Errorf("second %v", second)
	}
	if verdict := second["champion"].(map[string]any)["verdict"]; verdict != "unclear" {
		t.Errorf("verdict %v on a slice that the champion has learned from", verdict)
	}
	// a person's decision about a young transaction counts in the next training
	decide(t, h)
	third := answer(t, append(args, "--seed", "3")...)
	if number(t, third, "labels", "analyst") != 1 || number(t, third, "rows") != number(t, first, "rows")+1 {
		t.Errorf("labels %v, rows %v, before %v", third["labels"], third["rows"], first["rows"])
	}

	out, messages, err = command("models", "list", "--blob", h.blobs)
	if err != nil || messages != "" || !strings.Contains(out, "fraud/3") || strings.Count(out, "champion") != 1 {
		t.Errorf("list %s, error %v", out, err)
	}
	if back := answer(t, "models", "rollback", "--blob", h.blobs, "--reason", "drill"); back["version"] != "fraud/2" || back["reason"] != "drill" {
		t.Errorf("rollback %v", back)
	}
	if p := answer(t, "models", "promote", "fraud/1", "--as", "challenger", "--blob", h.blobs); p["alias"] != "challenger" || p["by"] == "" {
		t.Errorf("promotion %v", p)
	}
	show := answer(t, "models", "show", "champion", "--blob", h.blobs)
	if show["version"] != "fraud/2" || len(show["population"].([]any)) != feature.Size() {
		t.Errorf("champion %v", show)
	}
}

// decide stores an analyst's label about the newest transaction without one.
func decide(t *testing.T, h town) {
	t.Helper()
	db, err := sqlite.Open(context.Background(), strings.TrimPrefix(h.database, "sqlite:"))
	must(t, err)
	store := history.New(db, history.SQLite)
	defer store.Close()
	known := map[string]bool{}
	must(t, store.Labels(context.Background(), 1<<62, func(l atm.Label) error { known[l.Transaction] = true; return nil }))
	var newest atm.Time
	var id string
	must(t, store.Rows(context.Background(), history.ByCard, func(r *history.Row) error {
		if r.Transaction.Time > newest && !known[r.Transaction.ID] {
			newest, id = r.Transaction.Time, r.Transaction.ID
		}
		return nil
	}))
	must(t, store.AppendLabels(context.Background(), []atm.Label{{Transaction: id, Source: atm.Analyst, KnownAt: newest, By: "ana"}}))
}

func evaluates(t *testing.T, h town) {
	args := []string{"evaluate", "--in", h.transactions, "--labels", h.labels, "--test-days", "4", "--delay-days", "3", "--train-days", "9", "--folds", "2", "--budget", "10", "--trees", "8"}
	m := answer(t, args...)
	folds := m["folds"].([]any)
	if len(folds) != 2 || folds[0].(map[string]any)["test_from"] != "2026-01-21T00:00:00Z" || folds[1].(map[string]any)["test_from"] != "2026-01-25T00:00:00Z" {
		t.Fatalf("folds %v", folds)
	}
	for _, path := range [][]string{{"average_precision"}, {"roc_auc"}, {"card_precision_at_k"}, {"recall_at_budget"}, {"value_detection_rate"}, {"train", "rows"}, {"train", "frauds"}, {"test", "rows"}, {"test", "frauds"}} {
		mean := (number(t, folds[0].(map[string]any), path...) + number(t, folds[1].(map[string]any), path...)) / 2
		if got := number(t, m, path...); math.Abs(got-mean) > 1e-9 || got <= 0 {
			t.Errorf("%v is %v, the mean of the folds %v", path, got, mean)
		}
	}
	if len(m["per_scenario"].(map[string]any)) == 0 {
		t.Errorf("no scenarios in %v", m)
	}

	// known cards make the test larger, and a longer memory of them makes it smaller
	kept := answer(t, append(args, "--keep-known")...)
	long := answer(t, append(args, "--known-days", "12")...)
	if a, b, c := number(t, kept, "test", "rows"), number(t, m, "test", "rows"), number(t, long, "test", "rows"); a <= b || c > b {
		t.Errorf("%v rows with known cards, %v without, %v with a longer memory", a, b, c)
	}
	few := answer(t, append(args, "--features", "amount,card_withdrawals_1h")...)
	if len(few["features"].([]any)) != 2 {
		t.Errorf("features %v", few["features"])
	}
	out, _, err := command(args...)
	if err != nil || !strings.Contains(out, "average precision") || !strings.Contains(out, "mean of 2 folds") {
		t.Errorf("printed %s, error %v", out, err)
	}
}

func refuses(t *testing.T, h town) {
	f := func(code int, words string, args ...string) {
		t.Helper()
		out, _, err := command(args...)
		if out != "" || daemon.Code(err) != code || err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v: exit code %d, error %v, printed %q; want %d and %q", args, daemon.Code(err), err, out, code, words)
		}
	}
	in := func(command string, more ...string) []string {
		return append([]string{command, "--in", h.transactions, "--labels", h.labels}, more...)
	}
	for _, algorithm := range []string{"gbdt", "logistic", "isolation", "magic"} {
		f(2, "there is: forest", in("train", "--algorithm", algorithm)...)
		f(2, "there is: forest", in("evaluate", "--algorithm", algorithm)...)
	}
	f(2, "nothing to train on", "train")
	f(2, "belong together", "train", "--in", h.transactions)
	f(2, "no such file", "train", "--in", "nowhere.ndjson", "--labels", h.labels)
	f(2, `--until "soon"`, in("train", "--until", "soon")...)
	f(2, "blob is not set", in("train", "--register")...)
	f(2, "neither postgres", "train", "--database", "mysql://x")
	typo := filepath.Join(t.TempDir(), "typo")
	f(3, "skimwatch migrate makes an empty one", "train", "--database", "sqlite:"+typo, "--blob", typo, "--register")
	f(3, "the blob folder "+typo+" is not there", in("train", "--blob", typo)...)
	f(3, "the blob folder "+typo+" is not there", "models", "list", "--blob", typo)
	if _, err := os.Stat(typo); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was made: %v", typo, err)
	}
	f(1, "only one class", in("train", "--until", "2026-01-05T12:00:00Z")...)
	f(2, "give --in FILE and --labels FILE", "evaluate")
	f(2, "test must be positive", in("evaluate", "--test-days", "0")...)
	f(2, "--folds 0", in("evaluate", "--folds", "0")...)
	f(2, `feature "height" is not in the catalogue`, in("evaluate", "--features", "height")...)
	f(2, "no such model", "models", "show", "fraud/99", "--blob", h.blobs)
	f(2, "takes one model", "models", "promote", "--blob", h.blobs)
	f(2, `--as "king"`, "models", "promote", "fraud/1", "--as", "king", "--blob", h.blobs)
}
