package archiver

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/history"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/internal/redis"
	"skimwatch/services/internal/sqlite"
)

// stubborn is a history that refuses labels as often as it is told.
type stubborn struct {
	*history.Store
	refuse int
}

var errRefused = errors.New("no")

func (s *stubborn) AppendLabels(ctx context.Context, labels []atm.Label) error {
	if s.refuse--; s.refuse >= 0 {
		return errRefused
	}
	return s.Store.AppendLabels(ctx, labels)
}

// newArchiver returns an archiver on embedded servers, with two partitions of each topic.
func newArchiver(t *testing.T) (*Archiver, *stubborn, *redis.Live) {
	t.Helper()
	server, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	cache, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cache.Close)
	db, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	store := &stubborn{Store: history.New(db, history.SQLite)}
	t.Cleanup(func() { store.Close() })
	live, err := redis.New(cache.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	broker := kafka.New(server.Addr())
	t.Cleanup(broker.Close)
	if _, err := broker.CreateTopics(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &Archiver{Broker: broker, History: store, Past: store.Store, Live: live, Log: slog.New(slog.DiscardHandler)}, store, live
}

// buried returns what lies on a partition of the dead letters.
func buried(t *testing.T, b *kafka.Broker, partition int) (all []kafka.Record) {
	t.Helper()
	_, end, err := b.Offsets(t.Context(), kafka.DeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	err = b.ReadTo(t.Context(), kafka.DeadLetters, partition, 0, end[partition], func(records []kafka.Record) error {
		all = append(all, records...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMalformedLabelsAreDeadLetters(t *testing.T) {
	a, store, live := newArchiver(t)
	ctx := t.Context()
	batch := []kafka.Record{
		{Partition: 1, Offset: 4, Key: []byte("t1"), Value: []byte(`{"transaction":"t1","fraud":true,"source":"chargeback","known_at":"2026-01-05T00:00:00Z"}`)},
		{Partition: 1, Offset: 5, Key: []byte("t2"), Value: []byte(`{"transaction":"t2","source":"chargeback","known_at":"2026-01-05T00:00:00Z"}`)},
		{Partition: 1, Offset: 6},
		{Partition: 1, Offset: 7, Key: []byte{0xff}, Value: []byte("no\x00JSON")},
	}
	// As long as the history refuses the batch it buries nothing, for it is tried again and again.
	store.refuse = 3
	for range store.refuse {
		if err := a.keep(ctx, kafka.Labels, batch); !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
	}
	if n := len(buried(t, a.Broker, 1)); n != 0 {
		t.Errorf("%d dead letters of a batch that was not stored", n)
	}
	for range 2 { // the second time is the replay after a crash
		if err := a.keep(ctx, kafka.Labels, batch); err != nil {
			t.Fatal(err)
		}
	}
	letters := buried(t, a.Broker, 1)
	if len(letters) != 6 {
		t.Fatalf("%d dead letters, want 3 and their repetitions", len(letters))
	}
	f := func(i int, key, reason string) {
		t.Helper()
		var l atm.DeadLetter
		if err := json.Unmarshal(letters[i].Value, &l); err != nil {
			t.Fatal(err)
		}
		in := batch[1+i%3]
		if l.Topic != kafka.Labels || l.Partition != 1 || l.Offset != in.Offset || string(l.Bytes) != string(in.Value) || l.Key != key || l.Reason != reason || string(letters[i].Key) != string(in.Key) {
			t.Errorf("%s", letters[i].Value)
		}
	}
	f(0, "t2", `decode label of "t2": fraud is missing`)
	f(1, "", "decode label: unexpected end of JSON input")
	f(2, "\uFFFD", "decode label: invalid character 'o' in literal null (expecting 'u')")
	f(3, "t2", `decode label of "t2": fraud is missing`)

	// The sinks read them back: the history keeps each once, beside the letter of a transaction at the same place.
	transaction, err := kafka.NewDeadLetter(atm.DeadLetter{Topic: kafka.Transactions, Reason: "r", Partition: 1, Offset: 5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	old := kafka.Record{Value: []byte(`{"reason":"of before topics were named","partition":0,"offset":9,"bytes":"e30="}`)}
	letters = append(letters, transaction, old, kafka.Record{Value: []byte("not ours")})
	for _, sink := range []kafka.Handle{a.keep, a.show} {
		if err := sink(ctx, kafka.DeadLetters, letters); err != nil {
			t.Fatal(err)
		}
	}
	c, err := store.Counts(ctx)
	if err != nil || c.Labels != 1 || c.DeadLetters != 5 {
		t.Errorf("the history holds %+v, %v", c, err)
	}
	kept, _, err := store.Store.DeadLetters(ctx, 1)
	if err != nil || len(kept) != 1 || kept[0].Topic != kafka.Transactions || kept[0].Offset != 9 {
		t.Errorf("newest %+v, %v", kept, err)
	}
	if l, err := live.Live(ctx, 1); err != nil || l.DeadLetters != 2 {
		t.Errorf("the live view counts %d dead letters of transactions, %v", l.DeadLetters, err)
	}
}
