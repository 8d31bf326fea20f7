package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
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
	// The last one drains when the engine works on every partition again: until then it has its group to join.
	var last ready
	var before []int64
	s := run(t, small(dir), func(r ready) { last = r; before, _ = ends(t.Context(), r, kafka.Scores) }, func() bool {
		now, err := ends(t.Context(), last, kafka.Scores)
		for p := range now {
			if p >= len(before) || now[p] == before[p] {
				return false
			}
		}
		return err == nil
	})
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

// life starts a demo and kills it once it has taken so many transactions and answered as many.
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
	// The topics know how far it is; the live totals of Redis are filled again at each start and count a replay twice.
	count := func(topic string) int64 {
		t.Helper()
		n, err := total(t.Context(), r, topic)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	taken, answered := count(kafka.Transactions), count(kafka.Scores)
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if count(kafka.Transactions)-taken >= transactions && count(kafka.Scores)-answered >= transactions {
			return
		}
	}
	t.Fatalf("not %d transactions within two minutes", transactions)
}

// ends returns how many records each partition of a topic of a running demo has had.
func ends(ctx context.Context, r ready, topic string) ([]int64, error) {
	b := kafka.New(r.Kafka)
	defer b.Close()
	_, end, err := b.Offsets(ctx, topic)
	return end, err
}

// total is ends, added up.
func total(ctx context.Context, r ready, topic string) (n int64, err error) {
	end, err := ends(ctx, r, topic)
	for _, e := range end {
		n += e
	}
	return n, err
}
