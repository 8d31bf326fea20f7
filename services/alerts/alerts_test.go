package alerts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/alerts"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/history"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// call runs skimwatch alerts on a database.
func call(t *testing.T, database string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := &cobra.Command{Use: "skimwatch", SilenceErrors: true, SilenceUsage: true}
	settings.Bind(root)
	root.AddCommand(alerts.Command())
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetArgs(append([]string{"alerts", "--database", database}, args...))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func open(t *testing.T, database string) *history.Store {
	t.Helper()
	store, err := wiring.Opener{Log: slog.New(slog.DiscardHandler), Create: true}.History(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestListAndDecide(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "history.db")
	store := open(t, database)
	alert := func(id, card string, score float64) atm.Alert {
		return atm.Alert{ID: id, Transaction: "tx-" + id, Card: card, ATM: "A1", Time: 5 * atm.Hour, Score: score, Threshold: 0.5, Model: "fraud/1", Kind: "withdrawal",
			Amount: 25000, Currency: "EUR", City: "Bern", Country: "CH", Last4: "0764", Reasons: []atm.Reason{{Code: "c", Text: "the reason"}}, Raised: 9 * atm.Day}
	}
	if out, err := call(t, database, "list"); err != nil || out != "no episodes\n" {
		t.Errorf("%v: %s", err, out)
	}
	if err := store.AppendAlerts(t.Context(), []atm.Alert{alert("a", "tok_1", 0.7), alert("b", "tok_2", 0.9)}); err != nil {
		t.Fatal(err)
	}
	list := func(want string, args ...string) {
		t.Helper()
		out, err := call(t, database, append([]string{"list", "--json"}, args...)...)
		var rows []struct {
			ID, Status, Reason string
			Amount             int64
		}
		if broken := json.Unmarshal([]byte(out), &rows); err != nil || broken != nil {
			t.Fatal(err, broken, out)
		}
		got := ""
		for _, r := range rows {
			got += r.ID + " " + r.Status + ", "
			if r.Reason != "the reason" || r.Amount != 25000 {
				t.Errorf("row %+v", r)
			}
		}
		if got != want {
			t.Errorf("list %v is %q, want %q", args, got, want)
		}
	}
	list("b open, a open, ")
	list("b open, ", "--limit", "1")
	list("a open, ", "--card", "tok_1")
	list("b open, ", "--min-score", "0.8")
	out, err := call(t, database, "list")
	for _, want := range []string{"0.900", "…0764", "Bern CH", "EUR 250.00", "the reason"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v, no %q in:\n%s", err, want, out)
		}
	}
	if strings.Contains(out, "tok_1") {
		t.Error("the table shows card tokens")
	}

	if out, err := call(t, database, "decide", "b", "fraud", "--reason", "counterfeit_card", "--by", "ana"); err != nil || out != "b is fraud: counterfeit_card\n" {
		t.Errorf("%v: %s", err, out)
	}
	list("a open, ")
	list("b fraud, ", "--status", "fraud")
	list("b fraud, a open, ", "--status", "any")
	due, err := store.Due(t.Context(), 1<<60, 10)
	if err != nil || len(due) != 1 || due[0].Label.Transaction != "tx-b" || !due[0].Label.Fraud || due[0].Label.By != "ana" || due[0].Label.KnownAt < 5*atm.Hour {
		t.Errorf("%v: %+v", err, due)
	}

	if out, err := call(t, database, "decide", "a", "inconclusive", "--reason", "evidence_too_thin", "--by", "bo", "--json"); err != nil || out != `{"by":"bo","episode":"a","reason":"evidence_too_thin","status":"inconclusive"}`+"\n" {
		t.Errorf("%v: %s", err, out)
	}

	refuse := func(code int, words string, args ...string) {
		t.Helper()
		if out, err := call(t, database, args...); daemon.Code(err) != code || !strings.Contains(fmt.Sprint(err), words) {
			t.Errorf("%v: exit %d, %v %s", args, daemon.Code(err), err, out)
		}
	}
	refuse(4, "episode b is fraud already", "decide", "b", "not_fraud", "--reason", "travelling")
	refuse(2, `there is no episode "z"`, "decide", "z", "fraud", "--reason", "cash_out")
	refuse(2, `verdict "maybe"`, "decide", "b", "maybe", "--reason", "cash_out")
	refuse(2, `--reason "Why not"`, "decide", "b", "fraud", "--reason", "Why not")
	refuse(2, `--status "closed"`, "list", "--status", "closed")
	refuse(2, "--limit 0", "list", "--limit", "0")
}
