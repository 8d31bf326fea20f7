package redis

import (
	"context"
	"fmt"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// contract is what the live view must do on every server; open returns one on an empty server.
func contract(t *testing.T, open func(t *testing.T) *Live) {
	f := func(name string, test func(*testing.T, *Live)) {
		t.Run(name, func(t *testing.T) {
			l := open(t)
			l.Now = func() time.Time { return time.Unix(second+3, 0) }
			test(t, l)
		})
	}
	f("AlertsOnce", alertsOnce)
	f("Counters", counters)
	f("Ticks", ticks)
	f("OldSecondsGo", oldSeconds)
	f("Feed", feed)
	f("Restore", restore)
	f("Bounds", bounds)
}

// second is a second of processing time.
const second = 1_800_000_000

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func live(t *testing.T, l *Live, seconds int) dashboards.Live {
	t.Helper()
	v, err := l.Live(t.Context(), seconds)
	ok(t, err)
	return v
}

// near says whether a latency read from buckets is what it should be.
func near(t *testing.T, got, want time.Duration) {
	t.Helper()
	if got < want*95/100 || got > want*105/100 {
		t.Errorf("got %s, want about %s", got, want)
	}
}

func alert(id string, after time.Duration) atm.Alert {
	raised := atm.Time(second) * atm.Second
	return atm.Alert{ID: id, Card: "c", Produced: raised - atm.Time(after.Microseconds()), Raised: raised}
}

func alertsOnce(t *testing.T, l *Live) {
	ctx := t.Context()
	ok(t, l.PublishAlerts(ctx, nil))
	ok(t, l.PublishAlerts(ctx, []atm.Alert{alert("a", 10*time.Millisecond), alert("b", 20*time.Millisecond), alert("a", time.Second)}))
	ok(t, l.PublishAlerts(ctx, []atm.Alert{alert("b", time.Hour), alert("c", 40*time.Millisecond)}))
	v := live(t, l, 10)
	if v.Alerts != 3 || len(v.Ticks) != 1 || v.Ticks[0].Alerts != 3 || v.Latency.Count != 3 || v.Latency.Max != 40*time.Millisecond {
		t.Errorf("got %+v", v)
	}
	near(t, v.Latency.P50, 20*time.Millisecond)
	near(t, v.Latency.P99, 40*time.Millisecond)
}

func scored(at int64, took time.Duration, event atm.Time, flags atm.Flags) atm.Score {
	s := atm.Time(at) * atm.Second
	return atm.Score{Transaction: atm.Transaction{Time: event}, Scored: s, Produced: s - atm.Time(took.Microseconds()), Flags: flags}
}

func counters(t *testing.T, l *Live) {
	ctx := t.Context()
	if v := live(t, l, 10); v.Transactions != 0 || v.Newest != 0 || v.NewestAt != 0 || len(v.Ticks) != 0 || v.Latency != (dashboards.Latency{}) {
		t.Errorf("an empty server says %+v", v)
	}
	ok(t, l.CountScores(ctx, []atm.Score{scored(second, time.Millisecond, 500, 0), scored(second+1, time.Millisecond, 900, atm.Future), scored(second, time.Millisecond, 700, 0)}))
	ok(t, l.CountScores(ctx, []atm.Score{scored(second-1, time.Millisecond, 600, atm.Late)}))
	ok(t, l.CountDeadLetters(ctx, 5))
	v := live(t, l, 10)
	// a late event and one from the future do not move the newest event time
	if v.Transactions != 4 || v.DeadLetters != 5 || v.Newest != 700 || v.NewestAt != atm.Time(second+1)*atm.Second {
		t.Errorf("got %+v", v)
	}
}

func ticks(t *testing.T, l *Live) {
	var batch []atm.Score
	for i := range 1000 {
		batch = append(batch, scored(second, time.Duration(i+1)*100*time.Microsecond, 1, 0))
	}
	ok(t, l.CountScores(t.Context(), append(batch, scored(second+2, 3*time.Second, 1, 0), scored(second+2, -time.Second, 1, 0), scored(second-50, time.Second, 1, 0))))
	v := live(t, l, 10)
	if len(v.Ticks) != 2 || v.Ticks[0].At != atm.Time(second)*atm.Second || v.Ticks[0].Transactions != 1000 || v.Ticks[1].Transactions != 2 {
		t.Fatalf("got %+v", v.Ticks)
	}
	near(t, v.Ticks[0].P50, 50*time.Millisecond)
	near(t, v.Ticks[0].P99, 99*time.Millisecond)
	near(t, v.Ticks[1].P99, 3*time.Second)
	if n := len(live(t, l, 100).Ticks); n != 3 {
		t.Errorf("%d ticks in 100 seconds", n)
	}
	if n := len(live(t, l, 2).Ticks); n != 1 {
		t.Errorf("%d ticks in 2 seconds", n)
	}
}

func oldSeconds(t *testing.T, l *Live) {
	for at := int64(second - 2*tickSeconds); at <= second; at += 100 {
		ok(t, l.CountScores(t.Context(), []atm.Score{scored(at, time.Second, 1, 0)}))
	}
	if n := len(live(t, l, 10*tickSeconds).Ticks); n != tickSeconds/100 {
		t.Errorf("%d seconds are kept", n)
	}
	keys, err := l.client.Keys(t.Context(), tickKey+"*").Result()
	if ok(t, err); len(keys) != tickSeconds/100 {
		t.Errorf("%d hashes are kept", len(keys))
	}
}

func feed(t *testing.T, l *Live) {
	ok(t, l.PublishAlerts(t.Context(), []atm.Alert{alert("before", 1)}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals, err := l.Subscribe(ctx)
	ok(t, err)
	ok(t, l.PublishAlerts(ctx, []atm.Alert{alert("before", 1), alert("a", 1)}))
	ok(t, l.Announce(ctx, dashboards.Signal{Kind: dashboards.Changed, ID: "e"}))
	f := func(want dashboards.Signal) {
		t.Helper()
		if got := <-signals; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	f(dashboards.Signal{Kind: dashboards.Alerted, ID: "a"})
	f(dashboards.Signal{Kind: dashboards.Changed, ID: "e"})
	cancel()
	for range signals {
		t.Error("a signal that nobody sent")
	}
}

func restore(t *testing.T, l *Live) {
	ctx := t.Context()
	empty := func(want bool) {
		t.Helper()
		if got, err := l.Empty(ctx); got != want || err != nil {
			t.Errorf("empty: %v, %v", got, err)
		}
	}
	empty(true)
	before := dashboards.Live{Transactions: 1000, Alerts: 30, DeadLetters: 2, Newest: 77, NewestAt: 88}
	var recent []atm.Alert
	for i := range 250 {
		recent = append(recent, alert(fmt.Sprint("r", i%20), time.Second))
	}
	ok(t, l.Restore(ctx, before, recent))
	empty(false)
	same := func(alerts int64) {
		t.Helper()
		v := live(t, l, 10)
		if v.Transactions != 1000 || v.Alerts != alerts || v.DeadLetters != 2 || v.Newest != 77 || v.NewestAt != 88 {
			t.Errorf("got %+v", v)
		}
	}
	same(30)
	// what was restored is known, what is new counts, and a second restoration changes nothing
	ok(t, l.PublishAlerts(ctx, []atm.Alert{recent[3], alert("new", 1)}))
	same(31)
	ok(t, l.Restore(ctx, before, nil))
	same(31)
}

func bounds(t *testing.T, l *Live) {
	ctx := t.Context()
	for i := range streamLength + 50 {
		if i%50 == 0 {
			var some []atm.Alert
			for j := range 50 {
				some = append(some, alert(fmt.Sprint("a", i+j), 1))
			}
			ok(t, l.PublishAlerts(ctx, some))
		}
	}
	ok(t, l.Announce(ctx, dashboards.Signal{Kind: dashboards.Changed, ID: "e"}))
	if n, err := l.client.XLen(ctx, streamKey).Result(); n != streamLength || err != nil {
		t.Errorf("%d signals are kept, %v", n, err)
	}
}
