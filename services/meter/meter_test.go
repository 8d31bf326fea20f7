package meter_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/meter"
)

// Only transactions are in the account: the dead letter of a label names a place, too, but on another topic.
func TestLabelsDeadLettersAreNotCounted(t *testing.T) {
	server, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	b := kafka.New(server.Addr())
	defer b.Close()
	if _, err := b.CreateTopics(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	m, err := meter.New(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	produce := func(topic string, records ...kafka.Record) {
		t.Helper()
		if _, err := b.Produce(t.Context(), topic, 0, records); err != nil {
			t.Fatal(err)
		}
	}
	letter := func(topic string, offset int64) kafka.Record {
		t.Helper()
		r, err := kafka.NewDeadLetter(atm.DeadLetter{Topic: topic, Reason: "r", Offset: offset}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	bad := kafka.Record{Value: []byte("x")}
	produce(kafka.Transactions, bad, bad, bad)
	produce(kafka.DeadLetters, letter(kafka.Labels, 0), letter(kafka.Labels, 2), kafka.Record{Value: []byte("not ours")}, letter(kafka.Transactions, 0), letter(kafka.Transactions, 0),
		kafka.Record{Value: []byte(`{"reason":"of before topics were named","partition":0,"offset":1,"bytes":""}`)})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}()
	count := func(want int64) {
		t.Helper()
		var c meter.Counts
		for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(5 * time.Millisecond) {
			if c, err = m.Counts(t.Context()); err != nil {
				t.Fatal(err)
			}
			if c.DeadLettered >= want {
				break
			}
		}
		if c.DeadLettered != want || c.Transactions != 3 || c.Scored != 0 {
			t.Errorf("%+v, want %d of 3 dead-lettered", c, want)
		}
	}
	count(2)
	produce(kafka.DeadLetters, letter(kafka.Transactions, 2))
	count(3)
}
