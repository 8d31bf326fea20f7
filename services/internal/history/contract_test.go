package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// contract is what the history must do on every database; open returns an empty one.
func contract(t *testing.T, open func(t *testing.T) *Store) {
	f := func(name string, test func(*testing.T, *Store)) {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			test(t, s)
		})
	}
	t.Run("MigrateKeepsDeadLetters", func(t *testing.T) { migrateDeadLetters(t, open(t)) })
	f("MigrateAgain", migrateAgain)
	f("MigrateRefusesTheFuture", migrateFuture)
	f("Scores", scores)
	f("RowsInStageOrder", stageOrder)
	f("Labels", labels)
	f("Episodes", episodes)
	f("Queue", queue)
	f("Filter", filter)
	f("Decide", decide)
	f("Undo", undo)
	f("Assign", assign)
	f("DecideAndAlertAtOnce", race)
	f("Statistics", statistics)
	f("DeadLetters", deadLetters)
	f("Users", users)
	f("AuditIsAppendOnly", audit)
	f("CardEventsAndNormals", cardEvents)
	f("Snapshot", snapshot)
	f("CancelledWriteLeavesNothing", cancelled)
}

// noon is an event time; simulated time, far from any wall clock.
const noon = atm.Time(1_700_000_000_000_000)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func migrateAgain(t *testing.T, s *Store) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := s.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func migrateFuture(t *testing.T, s *Store) {
	_, err := s.db.Exec(`INSERT INTO schema_version (version, name) VALUES ($1, $2)`, 99, "099_future")
	ok(t, err)
	if err := s.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "use a newer skimwatch") {
		t.Errorf("got %v", err)
	}
}

// Dead letters of before they named their topic are of transactions.
func migrateDeadLetters(t *testing.T, s *Store) {
	ctx := t.Context()
	all, err := s.dialect.migrations()
	ok(t, err)
	ok(t, s.write(ctx, "make the tables of before", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
		for _, m := range all[:2] {
			err = errors.Join(err, m.apply(ctx, tx))
		}
		return err
	}))
	for place := range 3 {
		_, err := s.db.Exec(`INSERT INTO dead_letters (part, place, reason, body) VALUES ($1, $2, $3, $4)`, 1, 7-place, "old", []byte("x"))
		ok(t, err)
	}
	ok(t, s.Migrate(ctx))
	old := atm.DeadLetter{Topic: "transactions", Reason: "old", Partition: 1, Offset: 5, Bytes: []byte("x")}
	label := atm.DeadLetter{Topic: "labels", Reason: "new", Partition: 1, Offset: 5, Bytes: []byte("y")}
	ok(t, s.AppendDeadLetters(ctx, []atm.DeadLetter{old, label}))
	letters, total, err := s.DeadLetters(ctx, 2)
	ok(t, err)
	equal(t, total, int64(4))
	equal(t, letters, []atm.DeadLetter{label, old})
}

func score(n int) atm.Score {
	return atm.Score{
		Transaction: atm.Transaction{
			ID: fmt.Sprintf("tx-%04d", n), Time: noon + atm.Time(n)*atm.Minute + 1, Card: fmt.Sprintf("card-%d", n%7), BIN: "415928", Last4: "0042", Account: "acc", Customer: "cust",
			ATM: fmt.Sprintf("atm-%d", n%5), Lat: 48.8566, Lon: -2.3522, Country: "FR", City: "Évry", Kind: atm.Withdrawal, Amount: 12_000 + int64(n), Currency: "EUR",
			Entry: atm.Fallback, Response: atm.Approved, ReversalOf: "tx-x", ReversalReason: "10", DailyLimit: 50_000, BalanceAfter: -7, Has: atm.HasPlace | atm.HasAmount | atm.HasBalance,
		},
		CardAt: atm.Position{Partition: int32(n % 2), Offset: int64(n)}, ATMAt: atm.Position{Partition: int32(n % 3), Offset: int64(1000 - n)}, Flags: atm.Late | atm.Overflow,
		FeatureSet: math.MaxUint64 - 7, Vector: []float64{float64(n), -1.5, math.Inf(1), math.Pi}, Score: 0.25, Threshold: 0.5, Decision: atm.Pass, Model: "fraud/7", Rules: "r1", Produced: 11, Scored: 12,
	}
}

func scores(t *testing.T, s *Store) {
	ctx := t.Context()
	var batch []atm.Score
	for n := range 150 { // more than two whole statements
		batch = append(batch, score(n))
	}
	ok(t, s.AppendScores(ctx, batch))
	// the same batch again, partly new, changes nothing but the new one
	again := slices.Clone(batch[100:])
	again[0].Score, again[0].Transaction.City = 0.99, "elsewhere"
	repeated := score(151)
	repeated.Transaction.ID, repeated.Flags = batch[3].Transaction.ID, atm.Duplicate
	ok(t, s.AppendScores(ctx, append(again, score(150), repeated)))
	ok(t, s.AppendScores(ctx, nil))
	c, err := s.Counts(ctx)
	ok(t, err)
	equal(t, c, Counts{Transactions: 151, Scores: 151})
	got := map[string]Row{}
	ok(t, s.Rows(ctx, ByCard, func(r *Row) error { got[r.Transaction.ID] = *r; return nil }))
	for _, b := range append(batch, score(150)) {
		equal(t, got[b.Transaction.ID], Row{b.Transaction, b.CardAt, b.ATMAt, b.Flags})
	}
	n := 0
	ok(t, s.Vectors(ctx, func(id string, set uint64, v []float64) error {
		n++
		if set != math.MaxUint64-7 || len(v) != 4 || "tx-"+fmt.Sprintf("%04.0f", v[0]) != id || v[1] != -1.5 || !math.IsInf(v[2], 1) || v[3] != math.Pi {
			t.Errorf("%s: set %x, vector %v", id, set, v)
		}
		return nil
	}))
	equal(t, n, 151)
	oldest, newest, err := s.Span(ctx)
	ok(t, err)
	equal(t, [2]atm.Time{oldest, newest}, [2]atm.Time{batch[0].Transaction.Time, batch[149].Transaction.Time + atm.Minute})
	stop := errors.New("stop")
	is(t, s.Rows(ctx, ByCard, func(*Row) error { return stop }), stop)
}

func stageOrder(t *testing.T, s *Store) {
	ctx := t.Context()
	var past []Row
	for n := range 100 {
		past = append(past, Row{Transaction: atm.Transaction{ID: fmt.Sprint("past-", n), Card: "c", ATM: "a", Kind: atm.Balance, Response: "00"}, CardAt: atm.Position{Partition: int32(n % 2), Offset: int64(n - 100)}, ATMAt: atm.Position{Partition: 0, Offset: int64(-n - 1)}})
	}
	ok(t, s.AppendBackfill(ctx, past))
	ok(t, s.AppendBackfill(ctx, past[:5]))
	ok(t, s.AppendScores(ctx, []atm.Score{score(1), score(2), score(3)}))
	f := func(order Order, at func(*Row) atm.Position) {
		t.Helper()
		last, n := atm.Position{Partition: -1}, 0
		ok(t, s.Rows(ctx, order, func(r *Row) error {
			p := at(r)
			if p.Partition < last.Partition || p.Partition == last.Partition && p.Offset <= last.Offset {
				t.Errorf("order %d: %v after %v", order, p, last)
			}
			last, n = p, n+1
			return nil
		}))
		equal(t, n, 103)
	}
	f(ByCard, func(r *Row) atm.Position { return r.CardAt })
	f(ByATM, func(r *Row) atm.Position { return r.ATMAt })
}

func labels(t *testing.T, s *Store) {
	ctx := t.Context()
	early := atm.Label{Transaction: "t1", Fraud: true, Scenario: "skimming", Campaign: "c1", Source: atm.Simulator, KnownAt: noon}
	late := atm.Label{Transaction: "t1", Source: atm.Analyst, KnownAt: noon + 2, By: "ann", Reason: "customer_confirmed", Note: "called"}
	changed := late
	changed.KnownAt, changed.Fraud = noon+3, true
	read := func(until atm.Time) (all []atm.Label) {
		t.Helper()
		ok(t, s.Labels(ctx, until, func(l atm.Label) error { all = append(all, l); return nil }))
		return all
	}
	ok(t, s.AppendLabels(ctx, []atm.Label{late, early}))
	equal(t, read(noon), []atm.Label{early})
	equal(t, read(noon+2), []atm.Label{early, late})
	// the later known one stays, whatever the order and even in one batch
	ok(t, s.AppendLabels(ctx, []atm.Label{late, changed}))
	ok(t, s.AppendLabels(ctx, []atm.Label{late}))
	equal(t, read(noon+9), []atm.Label{early, changed})
}

func alert(id, card string, at atm.Time, value float64) atm.Alert {
	return atm.Alert{ID: id, Transaction: "tx-" + id, Card: card, ATM: "atm-1", Time: at, Score: value, Threshold: 0.5, Reasons: []atm.Reason{{Code: "withdrawals_10m", Text: "9 withdrawals", Contribution: 0.4}}, Model: "fraud/7", Rules: "r",
		BIN: "415928", Last4: "0042", Lat: 1.5, Lon: 2.5, HasPlace: true, Country: "FR", City: "Évry", Kind: "withdrawal", Amount: 100, Response: "00", Evidence: []atm.Evidence{{Feature: "withdrawals_10m", Value: 9, Contribution: 0.4}}, Produced: 5, Raised: atm.Time(len(id)) + at}
}

func episodes(t *testing.T, s *Store) {
	ctx := t.Context()
	a, b, c := alert("a", "c1", noon, 0.7), alert("b", "c1", noon+atm.Hour, 0.9), alert("c", "c1", noon-atm.Hour, 0.6)
	ok(t, s.AppendAlerts(ctx, []atm.Alert{a, b, c, a}))
	ok(t, s.AppendAlerts(ctx, []atm.Alert{b, c}))
	d, err := s.Episode(ctx, "a")
	ok(t, err)
	equal(t, d, dashboards.EpisodeDetail{
		Episode: dashboards.Episode{ID: "a", Card: "c1", BIN: "415928", Last4: "0042", Status: dashboards.Open, Score: 0.9, Hits: 3, First: c.Time, Last: b.Time, Raised: a.Raised, Top: b},
		Alerts:  []atm.Alert{b, a, c},
	})
	// exactly a day after the last one still joins, more does not; neither does another card
	ok(t, s.AppendAlerts(ctx, []atm.Alert{alert("d", "c1", b.Time+atm.Day, 0.5), alert("e", "c1", b.Time+2*atm.Day+1, 0.5), alert("f", "c2", noon, 0.5)}))
	f := func(id string, hits int) {
		t.Helper()
		d, err := s.Episode(ctx, id)
		if ok(t, err); d.Hits != hits || len(d.Alerts) != hits {
			t.Errorf("episode %s has %d hits, %d alerts, want %d", id, d.Hits, len(d.Alerts), hits)
		}
	}
	f("a", 4)
	f("e", 1)
	f("f", 1)
	// a decided episode takes no more
	ok(t, s.Decide(ctx, disposition("d1", "f", dashboards.Fraud)))
	ok(t, s.AppendAlerts(ctx, []atm.Alert{alert("g", "c2", noon+1, 0.5)}))
	f("f", 1)
	f("g", 1)
	_, err = s.Episode(ctx, "nobody")
	is(t, err, dashboards.ErrNotFound)
	recent, err := s.Recent(ctx, 3)
	ok(t, err)
	if len(recent) != 3 || recent[2].ID != "e" {
		t.Errorf("recent: %+v", recent)
	}
}

func disposition(id, episode string, v dashboards.Status) dashboards.Disposition {
	return dashboards.Disposition{ID: id, Episode: episode, Verdict: v, Reason: "customer_confirmed", Note: "called", By: "ann", At: 1000 * atm.Second, KnownAt: noon + atm.Day}
}

func queue(t *testing.T, s *Store) {
	ctx := t.Context()
	var all []atm.Alert
	for i := range 25 {
		all = append(all, alert(fmt.Sprintf("e%02d", i), fmt.Sprint("card", i), noon, float64(i%4)/4+0.1))
	}
	ok(t, s.AppendAlerts(ctx, all))
	var ids []string
	var last dashboards.Cursor
	for range 10 {
		page, err := s.Queue(ctx, dashboards.Filter{Status: dashboards.Open}, last, 4)
		ok(t, err)
		for _, e := range page {
			if last.ID != "" && (e.Score > last.Score || e.Score == last.Score && e.ID <= last.ID) {
				t.Errorf("%s %v after %s %v", e.ID, e.Score, last.ID, last.Score)
			}
			last, ids = dashboards.Cursor{Score: e.Score, ID: e.ID}, append(ids, e.ID)
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) != 25 {
		t.Errorf("%d of 25 episodes in the pages", len(ids))
	}
	f := func(atMost, want int) {
		t.Helper()
		if n, err := s.CountQueue(ctx, dashboards.Filter{}, atMost); n != want || err != nil {
			t.Errorf("counted %d, %v, want %d", n, err, want)
		}
	}
	f(100, 25)
	f(10, 10)
}

func filter(t *testing.T, s *Store) {
	ctx := t.Context()
	a, b, c := alert("a", "card-A", noon, 0.9), alert("b_%", "card-B", noon, 0.8), alert("c", "card-C", noon+atm.Hour, 0.6)
	b.ATM, b.Country, b.City, b.Last4, b.Reasons = "ATM-7", "DE", "Überlingen", "9999", nil
	ok(t, s.AppendAlerts(ctx, []atm.Alert{a, b, c}))
	ok(t, s.Assign(ctx, "a", "", "ann", 1))
	ok(t, s.Decide(ctx, disposition("d", "c", dashboards.NotFraud)))
	f := func(f dashboards.Filter, want ...string) {
		t.Helper()
		page, err := s.Queue(ctx, f, dashboards.Cursor{}, 10)
		ok(t, err)
		var ids []string
		for _, e := range page {
			ids = append(ids, e.ID)
		}
		n, err := s.CountQueue(ctx, f, 10)
		if ok(t, err); !slices.Equal(ids, want) || n != len(want) {
			t.Errorf("%+v: %q, counted %d, want %q", f, ids, n, want)
		}
	}
	f(dashboards.Filter{}, "a", "b_%", "c")
	f(dashboards.Filter{Status: dashboards.Open}, "a", "b_%")
	f(dashboards.Filter{Status: dashboards.NotFraud}, "c")
	f(dashboards.Filter{Owner: "ann"}, "a")
	f(dashboards.Filter{Owner: "bob"})
	f(dashboards.Filter{Unassigned: true}, "b_%", "c")
	f(dashboards.Filter{Owner: "ann", Unassigned: true}, "a", "b_%", "c")
	f(dashboards.Filter{MinScore: 0.8}, "a", "b_%")
	f(dashboards.Filter{Reason: "withdrawals_10m"}, "a", "c")
	f(dashboards.Filter{ATM: "ATM-7"}, "b_%")
	f(dashboards.Filter{ATM: "ATM"})
	f(dashboards.Filter{Country: "DE"}, "b_%")
	f(dashboards.Filter{Card: "card-C"}, "c")
	f(dashboards.Filter{RaisedAfter: a.Raised + 5}, "c")
	f(dashboards.Filter{Text: "9999"}, "b_%")
	f(dashboards.Filter{Text: "999"})
	f(dashboards.Filter{Text: "CARD-"}, "a", "b_%", "c")
	f(dashboards.Filter{Text: "ÜBER"}, "b_%")
	f(dashboards.Filter{Text: "évr"}, "a", "c")
	// what a person types is text, not a pattern
	f(dashboards.Filter{Text: "%"})
	f(dashboards.Filter{Text: "b_%"}, "b_%")
	f(dashboards.Filter{Text: `\`})
	f(dashboards.Filter{Text: "' OR 1=1 --"})
}

func outbox(t *testing.T, s *Store, now atm.Time) []dashboards.Outgoing {
	t.Helper()
	due, err := s.Due(t.Context(), now, 100)
	ok(t, err)
	return due
}

func decide(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AppendAlerts(ctx, []atm.Alert{alert("a", "c1", noon, 0.9), alert("b", "c1", noon+1, 0.8), alert("c", "c2", noon, 0.8), alert("d", "c3", noon, 0.8)}))
	d := disposition("d1", "a", dashboards.Fraud)
	ok(t, s.Decide(ctx, d))
	ok(t, s.Decide(ctx, d)) // the browser asked twice
	is(t, s.Decide(ctx, disposition("d2", "a", dashboards.NotFraud)), dashboards.ErrConflict)
	is(t, s.Decide(ctx, disposition("d3", "nobody", dashboards.Fraud)), dashboards.ErrNotFound)
	if err := s.Decide(ctx, disposition("d4", "c", "maybe")); err == nil {
		t.Error("verdict maybe was taken")
	}
	if err := s.Decide(ctx, disposition("", "c", dashboards.Fraud)); err == nil {
		t.Error("a disposition without id was taken")
	}
	e, err := s.Episode(ctx, "a")
	ok(t, err)
	equal(t, e.Disposition, d)
	equal(t, e.Status, dashboards.Fraud)
	equal(t, e.Activity, []dashboards.Entry{{At: d.At, By: "ann", Action: "decide", Episode: "a", Detail: "fraud customer_confirmed"}})
	// labels leave when the decision can no longer be taken back
	due := d.At + atm.Time(dashboards.UndoFor.Microseconds())
	equal(t, len(outbox(t, s, due-1)), 0)
	label := func(tx string, fraud bool) atm.Label {
		return atm.Label{Transaction: tx, Fraud: fraud, Source: atm.Analyst, KnownAt: d.KnownAt, By: "ann", Reason: d.Reason, Note: d.Note}
	}
	sending := outbox(t, s, due)
	if len(sending) != 2 {
		t.Fatalf("outbox: %+v", sending)
	}
	equal(t, []atm.Label{sending[0].Label, sending[1].Label}, []atm.Label{label("tx-a", true), label("tx-b", true)})
	// not fraud gives labels too, inconclusive none
	ok(t, s.Decide(ctx, disposition("d5", "c", dashboards.NotFraud)))
	ok(t, s.Decide(ctx, disposition("d6", "d", dashboards.Inconclusive)))
	ok(t, s.Sent(ctx, []int64{sending[0].Number, sending[1].Number, 12345}))
	left := outbox(t, s, due)
	if len(left) != 1 {
		t.Fatalf("outbox: %+v", left)
	}
	equal(t, left[0].Label, label("tx-c", false))
}

func undo(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AppendAlerts(ctx, []atm.Alert{alert("a", "c1", noon, 0.9)}))
	d := disposition("d1", "a", dashboards.Fraud)
	ok(t, s.Decide(ctx, d))
	is(t, s.Undo(ctx, "a", "other", "ann", d.At+1), dashboards.ErrConflict)
	ok(t, s.Undo(ctx, "a", "d1", "ann", d.At+1))
	is(t, s.Undo(ctx, "a", "d1", "ann", d.At+2), dashboards.ErrConflict)
	equal(t, len(outbox(t, s, noon)), 0)
	e, err := s.Episode(ctx, "a")
	ok(t, err)
	equal(t, e.Status, dashboards.Open)
	equal(t, e.Disposition, dashboards.Disposition{})
	equal(t, len(e.Activity), 2)
	// too late: the labels may be on their way
	again := disposition("d2", "a", dashboards.NotFraud)
	ok(t, s.Decide(ctx, again))
	is(t, s.Undo(ctx, "a", "d2", "ann", again.At+atm.Time(dashboards.UndoFor.Microseconds())), dashboards.ErrConflict)
	e, err = s.Episode(ctx, "a")
	ok(t, err)
	equal(t, e.Status, dashboards.NotFraud)
	equal(t, len(outbox(t, s, noon)), 1)
}

func assign(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AppendAlerts(ctx, []atm.Alert{alert("a", "c1", noon, 0.9)}))
	ok(t, s.Assign(ctx, "a", "", "ann", 1))
	is(t, s.Assign(ctx, "a", "", "bob", 2), dashboards.ErrConflict)
	is(t, s.Assign(ctx, "x", "", "bob", 2), dashboards.ErrNotFound)
	ok(t, s.Assign(ctx, "a", "ann", "", 3))
	ok(t, s.Assign(ctx, "a", "", "bob", 4))
	e, err := s.Episode(ctx, "a")
	ok(t, err)
	equal(t, e.Owner, "bob")
	equal(t, e.Activity, []dashboards.Entry{{At: 1, By: "ann", Action: "assign", Episode: "a", Detail: "ann"}, {At: 3, By: "ann", Action: "release", Episode: "a"}, {At: 4, By: "bob", Action: "assign", Episode: "a", Detail: "bob"}})
	ok(t, s.Decide(ctx, disposition("d", "a", dashboards.Fraud)))
	is(t, s.Assign(ctx, "a", "bob", "", 5), dashboards.ErrConflict)
}

// race stores alerts of one card while its episodes are decided: no alert may slip into a decided episode without its label.
func race(t *testing.T, s *Store) {
	ctx := t.Context()
	const n = 40
	var both sync.WaitGroup
	both.Go(func() {
		for i := range n {
			if err := s.AppendAlerts(ctx, []atm.Alert{alert(fmt.Sprintf("a%02d", i), "c", noon+atm.Time(i), 0.9)}); err != nil {
				t.Error(err)
			}
		}
	})
	both.Go(func() {
		for i := range n {
			page, err := s.Queue(ctx, dashboards.Filter{Status: dashboards.Open}, dashboards.Cursor{}, 1)
			if err != nil {
				t.Error(err)
			}
			for _, e := range page {
				if err := s.Decide(ctx, disposition(fmt.Sprint("d", i), e.ID, dashboards.Fraud)); err != nil {
					t.Error(err)
				}
			}
		}
	})
	both.Wait()
	page, err := s.Queue(ctx, dashboards.Filter{Status: dashboards.Open}, dashboards.Cursor{}, n)
	ok(t, err)
	open := 0
	for _, e := range page {
		open += e.Hits
	}
	if labelled := len(outbox(t, s, noon)); labelled+open != n {
		t.Errorf("%d alerts labelled and %d open, of %d", labelled, open, n)
	}
}

func statistics(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AppendScores(ctx, []atm.Score{score(1), score(2), score(3), score(4)}))
	truth := func(n int) atm.Label {
		return atm.Label{Transaction: score(n).Transaction.ID, Fraud: true, Source: atm.Simulator, KnownAt: noon + atm.Day}
	}
	ok(t, s.AppendLabels(ctx, []atm.Label{truth(1), truth(2), truth(3), {Transaction: "tx-0004", Source: atm.Analyst, KnownAt: noon}}))
	var raised []atm.Alert
	for i, n := range []int{2, 3, 4} {
		a := alert(fmt.Sprint("a", n), fmt.Sprint("c", n), score(n).Transaction.Time, 0.9)
		a.Transaction, a.ATM = score(n).Transaction.ID, []string{"atm-2", "atm-1", "atm-2"}[i]
		raised = append(raised, a)
	}
	raised[1].HasPlace, raised[1].Lat, raised[1].Lon, raised[1].Reasons[0].Code = false, 0, 0, "rule:cash_out"
	ok(t, s.AppendAlerts(ctx, raised))
	ok(t, s.Decide(ctx, disposition("d", "a2", dashboards.Fraud)))
	got, err := s.Truth(ctx, 0)
	ok(t, err)
	equal(t, got, dashboards.Truth{Frauds: 3, FraudsAlerted: 2, Alerts: 3, AlertsFraud: 2})
	got, err = s.Truth(ctx, score(3).Transaction.Time)
	ok(t, err)
	equal(t, got, dashboards.Truth{Frauds: 1, FraudsAlerted: 1, Alerts: 2, AlertsFraud: 1})
	counts, err := s.StatusCounts(ctx)
	ok(t, err)
	equal(t, counts, dashboards.StatusCounts{Open: 2, Fraud: 1})
	totals, err := s.Totals(ctx)
	ok(t, err)
	equal(t, totals, dashboards.Live{Transactions: 4, Alerts: 3, Newest: score(4).Transaction.Time, NewestAt: 12})
	by, err := s.LabelCounts(ctx, 0)
	ok(t, err)
	equal(t, by, []dashboards.LabelCount{{Source: atm.Analyst, Count: 1}, {Source: atm.Simulator, Fraud: true, Count: 3}})
	by, err = s.LabelCounts(ctx, noon)
	ok(t, err)
	equal(t, by, []dashboards.LabelCount{{Source: atm.Simulator, Fraud: true, Count: 3}})
	atms, err := s.TopATMs(ctx, 0, 5)
	ok(t, err)
	equal(t, atms, []dashboards.ATMAlerts{{ATM: "atm-2", City: "Évry", Country: "FR", Lat: 1.5, Lon: 2.5, HasPlace: true, Alerts: 2}, {ATM: "atm-1", City: "Évry", Country: "FR", Alerts: 1}})
	reasons, err := s.TopReasons(ctx, 0, 1)
	ok(t, err)
	equal(t, reasons, []dashboards.ReasonAlerts{{Code: "withdrawals_10m", Alerts: 2}})
}

func deadLetters(t *testing.T, s *Store) {
	ctx := t.Context()
	a := atm.DeadLetter{Topic: "transactions", Key: "card-1", Reason: "amount is missing", Partition: 1, Offset: 5, Bytes: []byte("{\x00\xff")}
	b := atm.DeadLetter{Topic: "transactions", Reason: "empty", Partition: 0, Offset: 9}
	c := atm.DeadLetter{Topic: "transactions", Reason: "x", Partition: 1, Offset: 6, Bytes: []byte("z")}
	label := atm.DeadLetter{Topic: "labels", Key: "tx-1", Reason: "fraud is missing", Partition: 1, Offset: 5, Bytes: []byte("{}")}
	ok(t, s.AppendDeadLetters(ctx, []atm.DeadLetter{a, b}))
	ok(t, s.AppendDeadLetters(ctx, []atm.DeadLetter{b, c, label, a, label}))
	letters, total, err := s.DeadLetters(ctx, 3)
	ok(t, err)
	equal(t, total, int64(4))
	equal(t, letters, []atm.DeadLetter{label, c, b})
	live, err := s.Totals(ctx)
	ok(t, err)
	equal(t, live.DeadLetters, int64(3)) // transactions only
}

func users(t *testing.T, s *Store) {
	ctx := t.Context()
	ann := dashboards.User{Name: "ann", Role: dashboards.Analyst, Password: "$argon2id$x", Token: "abc"}
	ok(t, s.PutUser(ctx, ann))
	ok(t, s.PutUser(ctx, dashboards.User{Name: "bob", Role: dashboards.Viewer}))
	ok(t, s.PutUser(ctx, dashboards.User{Name: "eve", Role: dashboards.Viewer})) // a second one without token
	got, err := s.User(ctx, "ann")
	ok(t, err)
	equal(t, got, ann)
	ann.Role, ann.Disabled = dashboards.Admin, true
	ok(t, s.PutUser(ctx, ann))
	got, err = s.UserByToken(ctx, "abc")
	ok(t, err)
	equal(t, got, ann)
	_, err = s.UserByToken(ctx, "")
	is(t, err, dashboards.ErrNotFound)
	_, err = s.User(ctx, "nobody")
	is(t, err, dashboards.ErrNotFound)
	if err := s.PutUser(ctx, dashboards.User{Name: "mal", Token: "abc"}); err == nil {
		t.Error("two users share a token")
	}
}

func audit(t *testing.T, s *Store) {
	ok(t, s.Record(t.Context(), dashboards.Entry{At: 7, By: "ann", Action: "view", Episode: "e", Detail: "d"}))
	f := func(statement string) {
		t.Helper()
		if _, err := s.db.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	f(`DELETE FROM audit`)
	f(`UPDATE audit SET author = 'mallory'`)
}

// What is written while a snapshot is read is not in it, and the writer does not wait.
func snapshot(t *testing.T, s *Store) {
	ctx := t.Context()
	row := func(n int) Row {
		return Row{Transaction: score(n).Transaction, CardAt: atm.Position{Offset: int64(n)}, ATMAt: atm.Position{Offset: int64(n)}}
	}
	ok(t, s.AppendBackfill(ctx, []Row{row(1), row(2)}))
	count := func(rows func(context.Context, Order, func(*Row) error) error, order Order) (n int) {
		ok(t, rows(ctx, order, func(*Row) error { n++; return nil }))
		return n
	}
	ok(t, s.Snapshot(ctx, func(now Snapshot) error {
		equal(t, count(now.Rows, ByCard), 2)
		ok(t, s.AppendBackfill(ctx, []Row{row(3)}))
		ok(t, s.AppendLabels(ctx, []atm.Label{{Transaction: "tx-0001", Source: atm.Analyst, KnownAt: 1}}))
		equal(t, count(now.Rows, ByATM), 2)
		return now.Labels(ctx, 10, func(l atm.Label) error { t.Errorf("label %+v is newer", l); return nil })
	}))
	equal(t, count(s.Rows, ByCard), 3)
}

func cardEvents(t *testing.T, s *Store) {
	ctx := t.Context()
	var batch []atm.Score
	for n := range 70 {
		batch = append(batch, score(n))
	}
	batch[68].Vector = []float64{math.NaN(), 1, 2, 3}
	ok(t, s.AppendScores(ctx, batch))
	past := Row{Transaction: score(5).Transaction, CardAt: atm.Position{Offset: -1}}
	past.Transaction.ID, past.Transaction.Time = "past", noon-atm.Day
	ok(t, s.AppendBackfill(ctx, []Row{past}))
	events, err := s.CardEvents(ctx, "card-5", batch[61].Transaction.Time, 9)
	ok(t, err)
	if len(events) != 9 || events[0].Transaction.ID != "tx-0061" || events[8].Transaction.ID != "tx-0005" {
		t.Errorf("%+v", events)
	}
	equal(t, events[0], dashboards.Event{Transaction: batch[61].Transaction, Scored: true, Score: 0.25, Threshold: 0.5, Decision: atm.Pass})
	events, err = s.CardEvents(ctx, "card-5", noon, 9)
	ok(t, err)
	equal(t, events, []dashboards.Event{{Transaction: past.Transaction}})
	normals := s.Normals(math.MaxUint64-7, []string{"n", "b", "c", "d"})
	got, err := normals(ctx, "card-5", noon+atm.Day)
	ok(t, err)
	// card-5 has n = 5, 12, …, 68, of which the last has no value
	equal(t, got["n"], dashboards.Range{Low: 5, Median: 33, High: 61, Count: 9})
	equal(t, got["b"], dashboards.Range{Low: -1.5, Median: -1.5, High: 1, Count: 10})
	got, err = normals(ctx, "card-5", batch[20].Transaction.Time)
	ok(t, err)
	equal(t, len(got), 0) // too few to say
}

func cancelled(t *testing.T, s *Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	is(t, s.AppendScores(ctx, []atm.Score{score(1)}), context.Canceled)
	c, err := s.Counts(t.Context())
	ok(t, err)
	equal(t, c, Counts{})
	ok(t, s.AppendScores(t.Context(), []atm.Score{score(1)}))
}
