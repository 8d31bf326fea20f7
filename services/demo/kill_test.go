package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"skimwatch/services/internal/history"
	"skimwatch/services/internal/sqlite"
)

// victim names the data folder of a demo that this test binary runs in a process of its own.
const victim = "SKIMWATCH_TEST_VICTIM"

func TestMain(m *testing.M) {
	dir := os.Getenv(victim)
	if dir == "" {
		os.Exit(m.Run())
	}
	o := small(dir)
	o.Out = os.Stdout
	if err := Run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The whole system is killed while it runs, broker, engine and sinks at once, and started again: in the end every record of
// every partition is in the history, once.
func TestKilledDemo(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		life(t, dir, 700)
	}
	s := run(t, small(dir), func(ready) {}, func() bool { return true })
	if s.Scored+s.DeadLettered != s.Transactions {
		t.Errorf("last run: %+v", s)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	store := history.New(db, history.SQLite)
	defer store.Close()
	next, live := map[int32]int64{}, int64(0)
	err = store.Rows(t.Context(), history.ByCard, func(r *history.Row) error {
		if r.CardAt.Offset < 0 {
			return nil
		}
		if want := next[r.CardAt.Partition]; r.CardAt.Offset != want {
			t.Errorf("partition %d: offset %d follows %d", r.CardAt.Partition, r.CardAt.Offset, want-1)
		}
		next[r.CardAt.Partition] = r.CardAt.Offset + 1
		live++
		return nil
	})
	c, errCounts := store.Counts(t.Context())
	if err != nil || errCounts != nil || live < 3*700 || c.Scores != live {
		t.Errorf("%d live transactions, %d scores, %v, %v", live, c.Scores, err, errCounts)
	}
}

// life starts a demo and kills it once it has scored so many transactions.
func life(t *testing.T, dir string, transactions int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), victim+"="+dir), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill() // SIGKILL
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var r ready
	if err != nil || json.Unmarshal(line, &r) != nil {
		t.Fatalf("the demo says %q, %v", line, err)
	}
	first := int64(-1)
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
		n, err := scored(r)
		if err != nil {
			t.Fatal(err)
		}
		if first < 0 {
			first = n
		}
		if n-first >= transactions {
			return
		}
	}
	t.Fatalf("not %d transactions within a minute", transactions)
}

// scored asks the API of a running demo how many transactions it shows.
func scored(r ready) (int64, error) {
	q, err := http.NewRequest(http.MethodGet, r.Dashboard+"/api/v1/overview", nil)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Authorization", "Bearer "+r.Token)
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return 0, err
	}
	var o struct {
		Transactions int64 `json:"transactions"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return 0, fmt.Errorf("%s: %s", a.Status, b)
	}
	return o.Transactions, nil
}
