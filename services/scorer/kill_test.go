package scorer_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/score"
	"skimwatch/services/internal/blob"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
)

// victim is the environment of a process that this test binary starts of itself: "broker address, blob folder, group".
const victim = "SKIMWATCH_TEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(victim) != "" {
		beVictim(os.Getenv(victim))
		return
	}
	os.Exit(m.Run())
}

// beVictim scores until it is killed.
func beVictim(told string) {
	var addr, dir, group string
	if _, err := fmt.Sscan(told, &addr, &dir, &group); err != nil {
		panic(err)
	}
	blobs, err := blob.Open(dir)
	if err != nil {
		panic(err)
	}
	// A group of its own for every life, so that no life waits for the session of the one before; the checkpoints are shared.
	sc := scorer.New(scorer.Config{Broker: kafka.New(addr), Checkpoints: scorer.Checkpoints{Blobs: blobs, Group: "g"}, Group: group,
		Models: scorer.Fixed(score.Version{Name: "fraud/1", Threshold: 0.9, Model: risky{}}), CheckpointEvery: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	panic(sc.Run(context.Background()))
}

// The engine's process is killed again and again while transactions arrive, wherever it may be: nothing is lost, nothing is
// counted twice.
func TestKilledProcesses(t *testing.T) { start(t).killed(t) }

func (s *system) killed(t *testing.T) {
	dir := t.TempDir()
	const n = 15_000
	random := rand.New(rand.NewPCG(1, 1))
	_, broken := s.write(n)
	kills := 0
	for ; !s.complete(n, broken); kills++ {
		if kills == 200 {
			t.Fatal("the engine does not get on")
		}
		// Lives become longer where a busy machine gets no checkpoint done in a short one.
		s.life(t, fmt.Sprintf("%s %s life-%d", s.broker.Addrs(), dir, kills), 300+random.Int64N(2000)+200*int64(max(0, kills-20)), func() bool { return s.complete(n, broken) })
	}
	if kills < 8 {
		t.Errorf("killed %d times: nothing was shown", kills)
	}
	t.Logf("killed %d times; %d scores for %d transactions on the topic", kills, s.count(kafka.Scores), n)
	s.verify(n, broken)
}

// life starts a victim and kills it once it has written that many scores, or done says that it has nothing left to write.
func (s *system) life(t *testing.T, told string, scores int64, done func() bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+told)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill() // SIGKILL; it may be dead already
		_ = cmd.Wait()
	}()
	s.grow(t.Context(), scores, done)
}

// complete says whether every transaction has a score and every broken record a dead letter.
func (s *system) complete(n, broken int) bool {
	s.Helper()
	if s.count(kafka.Scores) < int64(n) || s.count(kafka.DeadLetters) < int64(broken) {
		return false
	}
	seen := map[atm.Position]bool{}
	for _, r := range s.read(kafka.Scores) {
		var sc atm.Score
		if err := atm.DecodeScore(r.Value, &sc); err != nil {
			s.Fatal(err)
		}
		seen[sc.CardAt] = true
	}
	return len(seen) == n
}
