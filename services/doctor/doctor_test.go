package doctor_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/services/doctor"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// examine runs the command with these flags and returns its findings by name.
func examine(t *testing.T, want int, args ...string) map[string]doctor.Finding {
	t.Helper()
	var out bytes.Buffer
	root := &cobra.Command{Use: "skimwatch", SilenceErrors: true, SilenceUsage: true}
	settings.Bind(root)
	root.AddCommand(doctor.Command())
	root.SetOut(&out)
	root.SetArgs(append([]string{"doctor", "--json"}, args...))
	err := root.ExecuteContext(t.Context())
	var told struct {
		OK       bool
		Findings []doctor.Finding
	}
	if broken := json.Unmarshal(out.Bytes(), &told); broken != nil {
		t.Fatalf("%v: %s", broken, out.String())
	}
	if daemon.Code(err) != want || told.OK != (want == 0) {
		t.Errorf("exit %d, ok %v, want %d: %s", daemon.Code(err), told.OK, want, out.String())
	}
	by := map[string]doctor.Finding{}
	for _, f := range told.Findings {
		by[f.Name] = f
	}
	return by
}

func TestDoctor(t *testing.T) {
	for _, s := range settings.All() {
		t.Setenv(s.Env(), "")
	}
	f := func(by map[string]doctor.Finding, name string, state doctor.State, words string) {
		t.Helper()
		if got := by[name]; got.State != state || !strings.Contains(got.Detail+"; "+got.Next, words) {
			t.Errorf("%s is %+v, want %s with %q", name, got, state, words)
		}
	}
	dir := t.TempDir()
	// nothing is set
	by := examine(t, 2)
	for _, name := range []string{"kafka", "redis", "database", "blob"} {
		f(by, name, doctor.Unset, "give --"+name+" or set SKIMWATCH_")
	}
	// a store that is there, without a model
	by = examine(t, 0, "--blob", dir)
	f(by, "blob", doctor.OK, "can be written to")
	f(by, "champion", doctor.Note, "skimwatch train --register")
	// a broker without topics
	k, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	by = examine(t, 4, "--kafka", k.Addr())
	f(by, "kafka", doctor.OK, "answers")
	f(by, "topics", doctor.Wrong, "skimwatch topics create")
	// with them, and everything else
	b := kafka.New(k.Addr())
	defer b.Close()
	if _, err := b.CreateTopics(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	r, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	database := "sqlite:" + filepath.Join(dir, "history.db")
	store, err := (wiring.Opener{Create: true}).History(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	by = examine(t, 0, "--kafka", k.Addr(), "--redis", r.Addr(), "--database", database, "--blob", dir)
	f(by, "topics", doctor.OK, "transactions 0")
	f(by, "score lag", doctor.Note, "start skimwatch score")
	f(by, "redis", doctor.Note, "empty")
	f(by, "database", doctor.Note, "history is empty")
	// a wrong address and a database without tables
	f(examine(t, 4, "--database", "mysql://x"), "database", doctor.Wrong, "correct the address")
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f(examine(t, 4, "--database", "sqlite:"+empty), "database", doctor.Wrong, "skimwatch migrate")
	// what is not there, and is not made by looking
	typo := filepath.Join(dir, "typo")
	by = examine(t, 3, "--database", "sqlite:"+filepath.Join(typo, "history.db"), "--blob", typo)
	f(by, "database", doctor.Down, "history.db is not there; skimwatch migrate makes")
	f(by, "blob", doctor.Down, typo+" is not there; skimwatch setup")
	if _, err := os.Stat(typo); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking made %s: %v", typo, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "doctor*")); err != nil || len(left) > 0 {
		t.Errorf("looking left %v, %v", left, err)
	}
	// what is down
	f(examine(t, 3, "--blob", "/proc/self"), "blob", doctor.Down, "--blob")
	if !testing.Short() {
		by = examine(t, 3, "--redis", "127.0.0.1:1", "--blob", dir)
		f(by, "redis", doctor.Down, "start Redis or Valkey")
		f(by, "blob", doctor.OK, "")
	}
}
