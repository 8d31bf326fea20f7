package simulator

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
	"skimwatch/simulator"
)

func execute(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	root := &cobra.Command{Use: "skimwatch", SilenceErrors: true, SilenceUsage: true}
	settings.Bind(root)
	root.AddCommand(Command())
	root.SetArgs(append([]string{"simulate"}, args...))
	root.SetOut(&out)
	root.SetErr(&errs)
	err = root.ExecuteContext(t.Context())
	return out.String(), errs.String(), err
}

func TestSimulateIntoFiles(t *testing.T) {
	f := func(name string) (size int64) {
		t.Helper()
		folder := t.TempDir()
		out, labels := filepath.Join(folder, name), filepath.Join(folder, "labels.ndjson")
		args := []string{"--seed", "5", "--cards", "300", "--atms", "15", "--days", "5", "--fraud-rate", "0.05", "--out", out, "--labels", labels}
		_, stderr, err := execute(t, args...)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		if err := file.Transactions(out, func(x *atm.Transaction) error { ids[x.ID] = true; return nil }, nil); err != nil {
			t.Fatal(err)
		}
		frauds := 0
		if err := file.Labels(labels, func(l atm.Label) error {
			if frauds++; !ids[l.Transaction] {
				t.Errorf("label of %s, which is not among the transactions", l.Transaction)
			}
			return nil
		}, nil); err != nil {
			t.Fatal(err)
		}
		if len(ids) < 1000 || frauds < 10 || !strings.Contains(stderr, "transactions") {
			t.Errorf("%d transactions, %d labels, told %q", len(ids), frauds, stderr)
		}
		first, _ := os.ReadFile(out)
		if _, _, err := execute(t, args...); err != nil {
			t.Fatal(err)
		}
		if second, _ := os.ReadFile(out); !bytes.Equal(first, second) {
			t.Errorf("%s: two runs of one seed differ", name)
		}
		return int64(len(first))
	}
	plain, packed := f("a.ndjson"), f("a.ndjson.zst")
	if packed*3 > plain {
		t.Errorf("packed %d bytes, plain %d", packed, plain)
	}
	f("a.csv")
}

func TestSimulateOntoKafka(t *testing.T) {
	b, addr := newBroker(t, 4)
	t.Setenv("SKIMWATCH_KAFKA", addr)
	if _, _, err := execute(t, "--seed", "3", "--cards", "400", "--atms", "20", "--days", "6", "--fraud-rate", "0.05", "--out", "kafka", "--admin", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	holds(t, b, small, 0, false)
}

func TestLabelsOntoKafkaAndTransactionsIntoAFile(t *testing.T) {
	b, addr := newBroker(t, 2)
	out := filepath.Join(t.TempDir(), "a.ndjson")
	if _, _, err := execute(t, "--cards", "400", "--atms", "20", "--days", "6", "--fraud-rate", "0.05", "--kafka", addr, "--out", out, "--labels", "kafka"); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, records := range contents(t, b, kafka.Labels) {
		n += len(records)
	}
	if n < 20 {
		t.Errorf("%d labels", n)
	}
}

func TestBadFlagsAreUsageErrors(t *testing.T) {
	t.Setenv("SKIMWATCH_KAFKA", "")
	f := func(want string, args ...string) {
		t.Helper()
		_, _, err := execute(t, args...)
		if daemon.Code(err) != daemon.CodeUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: code %d, %v", args, daemon.Code(err), err)
		}
	}
	f("--out is not set")
	f(`"skiming" is not one of skimming`, "--out", "-", "--scenarios", "skiming")
	f("yesterday", "--out", "-", "--start", "yesterday")
	f("--cards 0", "--out", "-", "--cards", "0")
	f("days -1", "--out", "-", "--days", "-1")
	f("fraud rate 2", "--out", "-", "--fraud-rate", "2")
	f("--fraud-rate -0.1", "--out", "-", "--fraud-rate", "-0.1")
	f("both given", "--out", "-", "--rate", "5", "--speed", "6")
	f("--seed 0", "--out", "-", "--seed", "0")
	f("both", "--out", "a", "--labels", "a")
	f("SKIMWATCH_KAFKA", "--out", "kafka")
	f("loud", "--out", "-", "--log-level", "loud")
}

func TestScenariosAreExplained(t *testing.T) {
	out, _, err := execute(t, "scenarios", "--json")
	var got []simulator.ScenarioInfo
	if err == nil {
		err = json.Unmarshal([]byte(out), &got)
	}
	if err != nil || len(got) != 14 || got[0].Name != "skimming" || got[0].Source == "" || len(got[0].Parameters) == 0 {
		t.Errorf("%d scenarios, %v", len(got), err)
	}
	if out, _, err = execute(t, "scenarios"); err != nil || strings.Count(out, "Signature: ") != 14 {
		t.Errorf("%v\n%s", err, out)
	}
}
