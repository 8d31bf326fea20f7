package scorer_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"skimwatch/engine/score"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/scorer"
)

// The broker goes away in the middle of the work, and the engine is told to end at the same moment: it must not keep a state
// whose answers were never written.
func TestBrokerGoesAwayDuringADrain(t *testing.T) {
	dir := t.TempDir()
	server, err := embedded.StartKafka(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { server.Close() }()
	s := startAt(t, server.Addr())
	const n = 12_000
	_, broken := s.write(n)
	for range 2 {
		before := s.count(kafka.Scores)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		sc := scorer.New(config(s))
		go func() { ended <- sc.Run(ctx) }()
		for began := time.Now(); s.count(kafka.Scores) < min(before+1500, n); time.Sleep(2 * time.Millisecond) {
			if time.Since(began) > time.Minute {
				t.Fatalf("%d scores, %d before: the engine does not get on", s.count(kafka.Scores), before)
			}
		}
		server.Close()
		cancel()
		<-ended
		if server, err = embedded.StartKafka(dir, "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		if server.Addr() != s.broker.Addrs() {
			t.Fatal("somebody took the broker's port meanwhile")
		}
		for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			if _, _, err := s.broker.Offsets(t.Context(), kafka.Scores); err == nil {
				break
			} else if time.Since(began) > time.Minute {
				t.Fatal(err)
			}
		}
	}
	s.run(config(s).Models, 1<<40, func() bool { return s.complete(n, broken) })
	s.verify(n, broken)
}

func config(s *system) scorer.Config {
	return scorer.Config{Broker: s.broker, Checkpoints: scorer.Checkpoints{Blobs: s.blobs, Group: "g"}, Group: "g",
		Models: scorer.Fixed(score.Version{Name: "fraud/1", Threshold: 0.9, Model: risky{}}), CheckpointEvery: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}
}
