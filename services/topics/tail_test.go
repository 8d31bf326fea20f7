package topics_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/score"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/embedded"
	"skimwatch/services/internal/kafka"
	"skimwatch/services/settings"
	"skimwatch/services/topics"
)

// start starts a broker without topics.
func start(t *testing.T) *kafka.Broker {
	t.Helper()
	k, err := embedded.StartKafka("", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	b := kafka.New(k.Addr())
	t.Cleanup(b.Close)
	return b
}

// call runs a command against the broker.
func call(ctx context.Context, b *kafka.Broker, cmd *cobra.Command, args ...string) (string, error) {
	var out bytes.Buffer
	root := &cobra.Command{Use: "skimwatch", SilenceErrors: true, SilenceUsage: true}
	settings.Bind(root)
	root.AddCommand(cmd)
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetArgs(append([]string{cmd.Name(), "--kafka", b.Addrs()}, args...))
	err := root.ExecuteContext(ctx)
	return out.String(), err
}

func create(t *testing.T, b *kafka.Broker, args ...string) string {
	t.Helper()
	out, err := call(t.Context(), b, topics.Command(), append([]string{"create"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tail(t *testing.T, b *kafka.Broker, args ...string) []shown {
	t.Helper()
	out, err := call(t.Context(), b, topics.TailCommand(), args...)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, out)
}

// shown is one line of tail.
type shown struct {
	Topic     string
	Partition int
	Offset    int64
	Key       string
	Time      time.Time
	Value     json.RawMessage
	Bytes     []byte
}

func parse(t *testing.T, out string) (all []shown) {
	t.Helper()
	for line := range strings.Lines(out) {
		var s shown
		d := json.NewDecoder(strings.NewReader(line))
		if err := d.Decode(&s); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, s)
	}
	return all
}

func produce(t *testing.T, b *kafka.Broker, topic string, partition int, values ...string) {
	t.Helper()
	for i, v := range values {
		r := kafka.Record{Key: fmt.Appendf(nil, "key%d", i), Value: []byte(v)}
		if _, err := b.Produce(t.Context(), topic, partition, []kafka.Record{r}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCreate(t *testing.T) {
	b := start(t)
	_, err := call(t.Context(), b, topics.TailCommand(), "alerts")
	if daemon.Code(err) != daemon.CodeUnavailable || !strings.Contains(err.Error(), "run skimwatch topics create") {
		t.Errorf("without topics: %v", err)
	}
	if out := create(t, b, "--partitions", "3"); strings.Count(out, "created") != 6 || strings.Count(out, " 3 partitions") != 6 {
		t.Errorf("said:\n%s", out)
	}
	var again struct {
		Topics []struct {
			Name       string
			Partitions int
			Created    bool
		}
	}
	if err := json.Unmarshal([]byte(create(t, b, "--json", "--partitions", "7")), &again); err != nil || len(again.Topics) != 6 {
		t.Fatalf("%v: %+v", err, again)
	}
	for _, topic := range again.Topics {
		if topic.Created || topic.Partitions != 3 || !slices.Contains(kafka.Topics(), topic.Name) {
			t.Errorf("%+v", topic)
		}
	}
}

func TestTailShowsJSON(t *testing.T) {
	b := start(t)
	create(t, b, "--partitions", "2")
	produce(t, b, kafka.Transactions, 0, `{"id": "1",
		"amount": 12345678901234567890}`, "not json", "\xff\"")
	produce(t, b, kafka.Transactions, 1, `{"id":"<2>"}`)

	all := tail(t, b, "transactions", "--from-start", "--until-end")
	if len(all) != 4 {
		t.Fatalf("%d records", len(all))
	}
	slices.SortFunc(all, func(x, y shown) int { return 10*(x.Partition-y.Partition) + int(x.Offset-y.Offset) })
	f := func(i, partition int, offset int64, key, value, bytes string) {
		t.Helper()
		s := all[i]
		if s.Topic != "transactions" || s.Partition != partition || s.Offset != offset || s.Key != key || string(s.Value) != value || string(s.Bytes) != bytes || time.Since(s.Time) > time.Hour {
			t.Errorf("%+v, value %s", s, s.Value)
		}
	}
	f(0, 0, 0, "key0", `{"id":"1","amount":12345678901234567890}`, "")
	f(1, 0, 1, "key1", "null", "not json")
	f(2, 0, 2, "key2", "null", "\xff\"")
	f(3, 1, 0, "key0", `{"id":"<2>"}`, "")

	if n := len(tail(t, b, "transactions", "--from-start", "--count", "3")); n != 3 {
		t.Errorf("%d records, want 3", n)
	}
	if n := len(tail(t, b, "transactions", "--until-end")); n != 0 {
		t.Errorf("%d records, want none: it begins at the end", n)
	}
}

func TestTailShowsDeadLetters(t *testing.T) {
	b := start(t)
	create(t, b, "--partitions", "1")
	for _, key := range []string{"card-1", ""} {
		r, err := kafka.NewDeadLetter(atm.DeadLetter{Topic: kafka.Transactions, Reason: "id is missing", Partition: 3, Offset: 7, Bytes: []byte("{}")}, []byte(key))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Produce(t.Context(), kafka.DeadLetters, 0, []kafka.Record{r}); err != nil {
			t.Fatal(err)
		}
	}
	all := tail(t, b, "dead-letters", "--from-start", "--until-end")
	if len(all) != 2 {
		t.Fatalf("%d records", len(all))
	}
	f := func(i int, key, value string) {
		t.Helper()
		if s := all[i]; s.Topic != kafka.DeadLetters || s.Offset != int64(i) || s.Key != key || string(s.Value) != value {
			t.Errorf("%+v, value %s", s, s.Value)
		}
	}
	f(0, "card-1", `{"reason":"id is missing","partition":3,"offset":7,"bytes":"e30=","topic":"transactions","key":"card-1"}`)
	f(1, "", `{"reason":"id is missing","partition":3,"offset":7,"bytes":"e30=","topic":"transactions"}`)
}

func TestTailShowsScores(t *testing.T) {
	b := start(t)
	create(t, b)
	p := engine.New(engine.Config{Model: score.NoModel})
	var want []string
	for i := range 3 {
		var s atm.Score
		p.Push(&atm.Transaction{ID: fmt.Sprint(i), Card: "c", ATM: "a", Kind: atm.Balance, Time: atm.Time(i) * atm.Second}, &s)
		text, err := score.AppendJSON(nil, &s)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, string(text))
		produce(t, b, kafka.Scores, 0, string(s.AppendBinary(nil)))
	}
	s := atm.Score{FeatureSet: 1, Vector: []float64{1}}
	produce(t, b, kafka.Scores, 0, string(s.AppendBinary(nil)), "torn")
	all := tail(t, b, "scores", "--from-start", "--until-end")
	if len(all) != 5 {
		t.Fatalf("%d records", len(all))
	}
	for i, w := range want {
		if string(all[i].Value) != w {
			t.Errorf("score %d is %s, want %s", i, all[i].Value, w)
		}
	}
	for _, bad := range all[3:] {
		if string(bad.Value) != "null" || len(bad.Bytes) == 0 {
			t.Errorf("%+v", bad)
		}
	}
}

// tail without --from-start shows what comes after it began.
func TestTailFollows(t *testing.T) {
	b := start(t)
	create(t, b, "--partitions", "1")
	produce(t, b, kafka.DeadLetters, 0, `{"reason":"old"}`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, err := make(chan string, 1), make(chan error, 1)
	go func() {
		text, e := call(ctx, b, topics.TailCommand(), "dead-letters", "--count", "1")
		out <- text
		err <- e
	}()
	// It begins at the end of its start, which is somewhere among these.
	for i := 0; ; i++ {
		produce(t, b, kafka.DeadLetters, 0, fmt.Sprintf(`{"reason":"new %d"}`, i))
		select {
		case text := <-out:
			if e := <-err; e != nil || !strings.Contains(text, "new") || strings.Count(text, "\n") != 1 || strings.Contains(text, "old") {
				t.Errorf("%v: %s", e, text)
			}
			return
		default:
		}
	}
}
