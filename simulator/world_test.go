package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"skimwatch/engine/atm"
)

func world(t testing.TB, c Config) *World {
	t.Helper()
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// encoded hashes the first n deliveries with their labels, as they go onto the wire.
func encoded(t testing.TB, c Config, n int) string {
	t.Helper()
	w, e, h := world(t, c), Event{}, sha256.New()
	for range n {
		if !w.Next(&e) {
			break
		}
		labels, err := json.Marshal(e.Labels)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(e.Transaction.AppendJSON(nil))
		h.Write(labels)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func TestSameSeedSameBytes(t *testing.T) {
	f := func(c Config, want string) {
		t.Helper()
		if got := encoded(t, c, 60_000); got != want {
			t.Errorf("hash of the first deliveries of seed %d is %s, want %s", c.Seed, got, want)
		}
	}
	f(Config{}, "b62abb8151b83466")
	f(Config{Seed: 7, Disorder: true}, "940db9d04a00412b")
	f(Config{Seed: 7, Disorder: true, Days: 9, Cards: 300, ATMs: 12}, "6130785a36ab6a7f")
}

func TestFraudShareIsTheConfiguredOne(t *testing.T) {
	f := func(c Config) {
		t.Helper()
		w, e, n, frauds := world(t, c), Event{}, 0, 0
		for w.Next(&e) {
			n++
			frauds += len(e.Labels)
		}
		share := float64(frauds) / float64(n)
		t.Logf("seed %d: %d of %d, %.5f", c.Seed, frauds, n, share)
		if want := w.config.FraudRate; share < 0.7*want || share > 1.3*want {
			t.Errorf("share of fraud %.5f is more than 30 %% off %v", share, want)
		}
	}
	f(Config{Days: 60})
	f(Config{Days: 60, Seed: 2, FraudRate: 0.01})
	f(Config{Days: 60, Seed: 3, Cards: 10000, FraudRate: 0.001})
}

func TestEventsAreInOrderCountedAndWellFormed(t *testing.T) {
	digits := regexp.MustCompile(`\d{13,}`)
	w, e, n, last := world(t, Config{Days: 8}), Event{}, int64(0), atm.Time(0)
	ids := map[string]bool{}
	for ; w.Next(&e); n++ {
		tx := &e.Transaction
		if e.N != n || e.At < last || e.At != tx.Time {
			t.Fatalf("delivery %d: N %d, at %s after %s, event time %s", n, e.N, e.At, last, tx.Time)
		}
		last = e.At
		if ids[tx.ID] || len(tx.ID) != 36 || tx.ID[14] != '7' || !strings.Contains("89ab", tx.ID[19:20]) {
			t.Fatalf("id %q is not a new UUIDv7", tx.ID)
		}
		ids[tx.ID] = true
		line := tx.AppendJSON(nil)
		var back atm.Transaction
		if err := atm.Decode(line, &back); err != nil || back != *tx {
			t.Fatalf("decode %s: %v\n got %+v\nwant %+v", line, err, back, *tx)
		}
		if run := digits.Find(line); run != nil {
			t.Fatalf("%s holds %s, which could be a card number", line, run)
		}
		for _, l := range e.Labels {
			if l.Transaction != tx.ID || !l.Fraud || l.KnownAt <= tx.Time || l.Source != atm.Simulator || l.Campaign == "" {
				t.Fatalf("label %+v of %s at %s", l, tx.ID, tx.Time)
			}
		}
	}
	if n < 20_000 {
		t.Errorf("%d transactions in 8 days of 5000 cards", n)
	}
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	f := func(c Config, want string) {
		t.Helper()
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%+v) = %v, want an error with %q", c, err, want)
		}
	}
	f(Config{Cards: -1}, "cards -1")
	f(Config{ATMs: 2_000_000}, "atms 2000000")
	f(Config{Days: -3}, "days -3")
	f(Config{FraudRate: 0.9}, "0.9")
	f(Config{Scenarios: []string{"skiming"}}, `"skiming" is not one of skimming, footprint_clone`)
}

func TestSmallWorldsRun(t *testing.T) {
	f := func(c Config) {
		t.Helper()
		w, e, last := world(t, c), Event{}, atm.Time(0)
		for w.Next(&e) {
			if e.At < last {
				t.Fatalf("%+v: delivery time goes back from %s to %s", c, last, e.At)
			}
			last = e.At
		}
	}
	f(Config{Cards: 1, ATMs: 1, Days: 30, FraudRate: 0.5})
	f(Config{Cards: 2, ATMs: 3, Days: 30, FraudRate: 0.5, Disorder: true})
	f(Config{Cards: 50, ATMs: 40, Days: 40, FraudRate: 0.2, Start: 1_000_000_123_456})
	f(Config{Cards: 50, ATMs: 1, Days: 40, FraudRate: -1})
}
