package replay_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/score"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/replay"
	"skimwatch/services/settings"
	"skimwatch/simulator"
)

// world writes days of a small disordered world to tx and labels and returns its transactions.
func world(t *testing.T, tx, labels string, days int) (all []atm.Transaction) {
	t.Helper()
	w, err := simulator.New(simulator.Config{Cards: 300, ATMs: 20, Days: days, Disorder: true, FraudRate: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	out, err := file.CreateTransactions(tx)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := file.CreateLabels(labels)
	if err != nil {
		t.Fatal(err)
	}
	var e simulator.Event
	for w.Next(&e) {
		all = append(all, e.Transaction)
		out.Put(&e.Transaction)
		for i := range e.Labels {
			truth.Put(&e.Labels[i])
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := truth.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

// call runs the command and returns what it said.
func call(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	cmd, b := replay.Command(), &bytes.Buffer{}
	settings.Bind(cmd)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetOut(b)
	cmd.SetErr(b)
	cmd.SetArgs(args)
	err = cmd.ExecuteContext(t.Context())
	return b.String(), err
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// One object per input line, in its order, byte for byte what the engine answers, from plain, packed and CSV files.
func TestAnswersAreTheEngines(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	all := world(t, at("tx.ndjson"), at("labels.ndjson"), 9)
	if len(all) < 2000 {
		t.Fatalf("a world of %d transactions is too small", len(all))
	}
	p := engine.New(engine.Config{Model: score.NoModel})
	var want []byte
	var s atm.Score
	for i := range all {
		p.Push(&all[i], &s)
		want, _ = score.AppendJSON(want, &s)
		want = append(want, '\n')
	}
	f := func(in string) {
		t.Helper()
		if said, err := call(t, "--in", in, "--out", at("out")); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		if got := read(t, at("out")); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes differ from the engine's %d", in, len(got), len(want))
		}
	}
	f(at("tx.ndjson"))
	// and so do the forms in which the world may be written
	world(t, at("tx.csv"), at("labels.ndjson.gz"), 9)
	f(at("tx.csv"))
	world(t, at("tx.ndjson.zst"), at("labels.ndjson.zst"), 9)
	f(at("tx.ndjson.zst"))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(read(t, at("tx.ndjson")))
	z.Close()
	os.WriteFile(at("other.gz"), packed.Bytes(), 0o644)
	f(at("other.gz"))
}

func TestMalformedLines(t *testing.T) {
	dir := t.TempDir()
	in, out, dead := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "dead")
	good := func(id string) string {
		return `{"id":"` + id + `","time":"2026-03-01T10:00:00Z","card":"c","atm":"a","kind":"balance"}`
	}
	lines := []string{good("1"), `{"id":`, good("2"), `{"id":"3"}`, `[]`, "", good("4"), `{"id":"5","time":"2026-03-01T10:00:00Z","card":"c","atm":"a","kind":"heist"}`}
	os.WriteFile(in, []byte(strings.Join(lines, "\n")), 0o644)

	said, err := call(t, "--in", in, "--out", out, "--dead-letter", dead)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range bytes.Lines(read(t, out)) {
		var o struct{ ID string }
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, o.ID)
	}
	if got := fmt.Sprint(ids); got != "[1 2 4]" {
		t.Errorf("answered %s", got)
	}
	var numbers []int
	for line := range bytes.Lines(read(t, dead)) {
		var l struct {
			Line          int
			Reason, Bytes string
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		raw, _ := base64.StdEncoding.DecodeString(l.Bytes)
		if string(raw) != lines[l.Line-1] || l.Reason == "" {
			t.Errorf("dead letter %s", line)
		}
		numbers = append(numbers, l.Line)
	}
	if got := fmt.Sprint(numbers); got != "[2 4 5 8]" {
		t.Errorf("dead letters of lines %s", got)
	}
	if !strings.Contains(said, "4 malformed lines were not scored") {
		t.Errorf("said %s", said)
	}

	// without a file they are told, with their lines
	said, err = call(t, "--in", in, "--out", out)
	for _, want := range []string{"line 2: ", "line 4: ", "line 5: ", `line 8: kind "heist"`, "4 malformed lines"} {
		if err != nil || !strings.Contains(said, want) {
			t.Errorf("%v, no %q in: %s", err, want, said)
		}
	}
	// and a flood of them is cut short, not the count
	os.WriteFile(in, bytes.Repeat([]byte("x\n"), 3000), 0o644)
	said, err = call(t, "--in", in, "--out", out)
	if err != nil || !strings.Contains(said, "and 2980 more malformed lines") || strings.Count(said, "\n") > 30 {
		t.Errorf("%v: %s", err, said)
	}
}

func TestLabels(t *testing.T) {
	dir := t.TempDir()
	in, labels, out := filepath.Join(dir, "in"), filepath.Join(dir, "labels"), filepath.Join(dir, "out")
	world(t, in, labels, 9)
	more, _ := json.Marshal(atm.Label{Transaction: "elsewhere", Fraud: true, Source: atm.Simulator})
	os.WriteFile(labels, append(read(t, labels), append(more, '\n')...), 0o644)
	said, err := call(t, "--in", in, "--labels", labels, "--out", out)
	if err != nil {
		t.Fatal(err)
	}
	truth, err := replay.ReadTruth(labels)
	if err != nil {
		t.Fatal(err)
	}
	alerts, hits := 0, 0
	sum, err := replay.Run(t.Context(), replay.Config{In: in, Out: out, Model: score.NoModel, Each: func(s *atm.Score) {
		truth.See(s)
		if s.Decision == atm.Alerts {
			alerts++
			if strings.Contains(string(read(t, labels)), s.Transaction.ID) {
				hits++
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	told := truth.Tell(0.5)
	if told.Alerts != alerts || alerts != int(sum.Alerts) || told.Precision != float64(hits)/float64(alerts) || told.Recall != float64(hits)/float64(told.Frauds) || told.Elsewhere != 1 || hits == 0 {
		t.Errorf("told %+v; counted %d alerts, %d hits", told, alerts, hits)
	}
	for _, want := range []string{fmt.Sprintf("precision %.3f, recall %.3f", told.Precision, told.Recall), "1 labelled frauds are not among"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
}

func TestWrongInput(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	os.WriteFile(in, nil, 0o644)
	f := func(code int, words string, args ...string) {
		t.Helper()
		said, err := call(t, append([]string{"--out", out}, args...)...)
		if daemon.Code(err) != code || !strings.Contains(fmt.Sprint(err), words) {
			t.Errorf("%v: exit %d, %v, want %d with %q; said %s", args, daemon.Code(err), err, code, words, said)
		}
		if _, err := os.Stat(out); code != 0 && err == nil {
			t.Errorf("%v left an output", args)
		}
	}
	t.Setenv("SKIMWATCH_BLOB", "")
	f(2, "no such file", "--in", filepath.Join(dir, "nothing"))
	f(2, "no such file", "--in", in, "--labels", filepath.Join(dir, "nothing"))
	wrong := filepath.Join(dir, "wrong")
	os.WriteFile(wrong, []byte(`{"transaction":"t"}`), 0o644)
	f(2, "wrong line 1: decode label", "--in", in, "--labels", wrong)
	f(2, "built-in rules only", "--in", in, "--rules", in)
	f(2, "neither a file nor a reference", "--in", in, "--model", "nothing")
	f(2, "are no model", "--in", in, "--model", in)
	f(2, "blob is not set", "--in", in, "--model", "fraud/7")
	f(2, "models list", "--in", in, "--model", "champion", "--blob", dir)
	f(3, "is not there: skimwatch setup", "--in", in, "--model", "champion", "--blob", filepath.Join(dir, "typo"))
	f(0, "<nil>", "--in", in)
}

// A replay that is interrupted leaves no file under the name it was given.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	world(t, in, filepath.Join(dir, "labels"), 9)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := replay.Run(ctx, replay.Config{In: in, Out: out, Each: func(*atm.Score) { cancel() }})
	left, _ := filepath.Glob(filepath.Join(dir, "*out*"))
	hidden, _ := filepath.Glob(filepath.Join(dir, ".*out*"))
	if err == nil || len(left)+len(hidden) > 0 {
		t.Errorf("%v, left %q %q", err, left, hidden)
	}
}
