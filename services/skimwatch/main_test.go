package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/engine/feature"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// run runs the program with these arguments.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Run(t.Context(), args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// fails runs the program and wants an exit code, words on standard error and nothing on standard output.
func fails(t *testing.T, want int, words string, args ...string) {
	t.Helper()
	code, out, err := run(t, args...)
	if code != want || !strings.Contains(err, words) || out != "" {
		t.Errorf("skimwatch %s: exit %d, want %d with %q\nstdout: %s\nstderr: %s", strings.Join(args, " "), code, want, words, out, err)
	}
}

func TestWrongUse(t *testing.T) {
	for _, name := range []string{"KAFKA", "BLOB", "DATABASE", "REDIS"} {
		t.Setenv("SKIMWATCH_"+name, "")
	}
	fails(t, 2, `skimwatch: unknown command "bogus"`, "bogus")
	fails(t, 2, `unknown command "tal"; did you mean tail?`, "tal")
	fails(t, 2, "skimwatch: unknown flag: --bogus", "--bogus")
	fails(t, 2, "skimwatch topics: it needs one of its commands", "topics")
	fails(t, 2, `skimwatch topics: unknown command "creat"; did you mean create?`, "topics", "creat")
	fails(t, 2, "skimwatch topics create: --partitions 0: at least 1", "topics", "create", "--partitions", "0")
	fails(t, 2, "skimwatch topics create: kafka is not set: give --kafka or set SKIMWATCH_KAFKA", "topics", "create")
	fails(t, 2, "skimwatch features: unknown flag: --yaml", "features", "--yaml")
	fails(t, 2, "Run skimwatch features --help", "features", "extra")
	fails(t, 2, "invalid argument", "topics", "create", "--partitions", "many")
	fails(t, 2, `log level "chatty"`, "topics", "create", "--kafka", "127.0.0.1:1", "--log-level", "chatty")
	// nothing listens on port 1
	fails(t, 3, "skimwatch topics create: ask kafka for its brokers", "topics", "create", "--kafka", "127.0.0.1:1")
	fails(t, 3, "(now 127.0.0.1:1)", "tail", "alerts", "--kafka", "127.0.0.1:1")
	fails(t, 2, "shows one of transactions, scores, alerts, labels, dead-letters", "tail", "everything")
	fails(t, 2, "--count 0: at least 1", "tail", "alerts", "--kafka", "127.0.0.1:1", "--count", "0")
}

// A wrong address must not become a database or a folder: no command makes one whose job it is not.
func TestNothingIsMadeByMistake(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SKIMWATCH_KAFKA", "127.0.0.1:1")
	t.Setenv("SKIMWATCH_REDIS", "127.0.0.1:1")
	typo, in := filepath.Join(dir, "typo"), filepath.Join(dir, "in.ndjson")
	if err := os.WriteFile(in, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f := func(what string, args ...string) {
		t.Helper()
		fails(t, 3, what+" "+typo+" is not there: ", args...)
	}
	t.Setenv("SKIMWATCH_BLOB", "file://"+typo)
	for _, args := range []string{"score", "dashboard --listen 127.0.0.1:0", "models list", "models show champion", "models promote fraud/1", "models rollback",
		"train --in " + in + " --labels " + in, "replay --model champion --out - --in " + in, "simulate --continue --out kafka"} {
		f("the blob folder", strings.Fields(args)...)
	}
	t.Setenv("SKIMWATCH_BLOB", dir)
	t.Setenv("SKIMWATCH_DATABASE", "sqlite:"+typo)
	for _, args := range []string{"archive", "dashboard --listen 127.0.0.1:0", "alerts list", "alerts decide e fraud --reason cash_out", "users add ann", "train", "train --register"} {
		f("the SQLite file", strings.Fields(args)...)
	}
	t.Setenv("SKIMWATCH_KAFKA", "")
	t.Setenv("SKIMWATCH_REDIS", "")
	if code, out, _ := run(t, "doctor"); code != 3 || !strings.Contains(out, "the SQLite file "+typo+" is not there") {
		t.Errorf("doctor: exit %d\n%s", code, out)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
	if code, _, said := run(t, "migrate"); code != 0 {
		t.Errorf("migrate: exit %d, %s", code, said)
	}
	if code, out, said := run(t, "alerts", "list"); code != 0 {
		t.Errorf("after migrate: exit %d, %s%s", code, out, said)
	}
}

func TestHelp(t *testing.T) {
	golden := filepath.Join("testdata", "help.txt")
	code, out, _ := run(t, "--help")
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if code != 0 || out != string(want) {
		t.Errorf("exit %d; -update rewrites %s. Got:\n%s", code, golden, out)
	}
}

// Every command says what it does, shows how it is called if it stands at the top, and its examples parse.
func TestEveryCommandHasHelp(t *testing.T) {
	f := func(cmd *cobra.Command) {
		t.Helper()
		if cmd.Short == "" {
			t.Errorf("%s says nothing of itself", cmd.CommandPath())
		}
		if cmd.HasSubCommands() && !cmd.HasFlags() {
			return
		}
		if !cmd.Parent().HasParent() && !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%s has no example that calls it", cmd.CommandPath())
		}
		for example := range strings.Lines(cmd.Example) {
			call, _, _ := strings.Cut(strings.TrimSpace(example), " | ")
			if _, call, ok := strings.Cut(call, "skimwatch "); ok {
				parses(t, strings.Fields(call))
			}
		}
	}
	for cmd := range commands(newRoot(new(bool))) {
		f(cmd)
	}
}

// commands yields every command below cmd.
func commands(cmd *cobra.Command) func(func(*cobra.Command) bool) {
	return func(yield func(*cobra.Command) bool) {
		for _, c := range cmd.Commands() {
			if !yield(c) {
				return
			}
			for below := range commands(c) {
				if !yield(below) {
					return
				}
			}
		}
	}
}

// parses checks that a command line names a command and flags that exist.
func parses(t *testing.T, args []string) {
	t.Helper()
	cmd, rest, err := newRoot(new(bool)).Find(args)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	if err == nil {
		err = cmd.ValidateRequiredFlags()
	}
	if err == nil && cmd.Annotations["group"] != "" {
		err = unknown(cmd, cmd.Flags().Args())
	}
	if err != nil {
		t.Errorf("skimwatch %s: %v", strings.Join(args, " "), err)
	}
}

func TestFeatures(t *testing.T) {
	code, out, _ := run(t, "features", "--json")
	var list []struct {
		Name      string
		Entity    string
		Aggregate string
		Of        *string
		Where     map[string][]string
		Window    *int64 `json:"window_seconds"`
		Unit      string
		Meaning   string
		Default   *float64
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 {
		t.Fatalf("exit %d, %v", code, err)
	}
	if len(list) != feature.Size() || len(list) < 20 {
		t.Fatalf("%d features, the catalogue has %d", len(list), feature.Size())
	}
	for i, f := range list {
		if f.Name != feature.At(i).Name || f.Entity == "" || f.Aggregate == "" || f.Of == nil || f.Where == nil || f.Window == nil || f.Meaning == "" || f.Default == nil {
			t.Errorf("feature %d lacks something: %+v", i, f)
		}
	}
	code, out, _ = run(t, "features")
	for _, f := range feature.Catalogue() {
		if !strings.Contains(out, f.Name+" ") || !strings.Contains(out, f.Meaning) {
			t.Errorf("%s is not in the table", f.Name)
		}
	}
	if code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestConfigPrint(t *testing.T) {
	t.Setenv("SKIMWATCH_KAFKA", "")
	t.Setenv("SKIMWATCH_DATABASE", "postgres://ana:hidden@db/skimwatch")
	code, out, err := run(t, "config", "print", "--redis", "cache:6379")
	for _, want := range []string{"kafka      (not set)", "cache:6379", "flag --redis", "postgres://ana:xxxxx@db/skimwatch", "environment SKIMWATCH_DATABASE"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if code != 0 || strings.Contains(out+err, "hidden") {
		t.Errorf("exit %d, the password is shown:\n%s%s", code, out, err)
	}
}

func TestVersion(t *testing.T) {
	code, out, _ := run(t, "version", "--json")
	var b build
	if err := json.Unmarshal([]byte(out), &b); err != nil || code != 0 || b.Version == "" || len(b.FeatureSet) != 16 || b.Rules == "" {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}
