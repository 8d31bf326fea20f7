package file

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/simulator"
)

func some(t testing.TB, n int) (all []atm.Transaction) {
	t.Helper()
	w, err := simulator.New(simulator.Config{Cards: 200, ATMs: 20})
	if err != nil {
		t.Fatal(err)
	}
	var e simulator.Event
	for range n {
		w.Next(&e)
		all = append(all, e.Transaction)
	}
	return append(all, atm.Transaction{ID: `x,"\`, Card: "c\u00e9", ATM: " a", Kind: atm.Balance, Response: "00", City: "a\nb"})
}

func TestTransactionsComeBackAsTheyWent(t *testing.T) {
	all := some(t, 3000)
	f := func(name string, want []atm.Transaction) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		w, err := CreateTransactions(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if err := w.Put(&want[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var got []atm.Transaction
		if err := Transactions(path, func(t *atm.Transaction) error { got = append(got, *t); return nil }, nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d transactions came back of %d, or they differ", name, len(got), len(want))
		}
	}
	f("a.ndjson", all)
	f("a.ndjson.zst", all)
	// a row of CSV cannot hold the line end in the last one's city
	f("a.csv", all[:3000])
	f("a.csv.gz", all[:3000])
}

func TestBadLinesAreNamedAndPassedOver(t *testing.T) {
	good := func(id string) string {
		return `{"id":"` + id + `","time":"2026-01-05T00:00:00Z","card":"c","atm":"a","kind":"balance"}`
	}
	f := func(name, content string, ids []string, wrong ...string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var got, bad []string
		err := Transactions(path, func(t *atm.Transaction) error { got = append(got, t.ID); return nil },
			func(e *LineError) error { bad = append(bad, e.Error()); return nil })
		if err != nil || !slices.Equal(got, ids) || len(bad) != len(wrong) {
			t.Errorf("%s: got %q, bad %q, %v", name, got, bad, err)
			return
		}
		for i := range wrong {
			if !strings.Contains(bad[i], wrong[i]) {
				t.Errorf("bad line %q, want %q in it", bad[i], wrong[i])
			}
		}
	}
	f("a.ndjson", good("1")+"\n\nnonsense\n"+good("2")+"\n{}\n"+good("3"), []string{"1", "2", "3"}, "line 3: ", "line 5: id is missing")
	f("a.csv", "id,time,card,atm,kind,amount,note\n1,2026-01-05T00:00:00Z,\"c,\"\"d\",a,balance,,x\n2,2026-01-05T00:00:00Z,c,a,withdrawal,7e\n3,2026-01-05T00:00:00Z,c,a,withdrawal,\"1,\"\"id\"\":2\"\n4,\"\n5,2026-01-05T00:00:00Z,c,a,balance,,,,\n6,2026-01-05T00:00:00Z,c,a,withdrawal,100\n",
		[]string{"1", "6"}, "line 3: ", "line 4: amount", "line 5: quote is not closed", "line 6: row has 9 fields")
}

func TestARowOfCSVHoldsNoLineEnd(t *testing.T) {
	w, err := CreateTransactions(filepath.Join(t.TempDir(), "a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Put(&atm.Transaction{ID: "odd", Card: "a\nb"}); err == nil || !strings.Contains(err.Error(), `"odd"`) {
		t.Errorf("%v", err)
	}
}

func TestCSVNeedsItsHeader(t *testing.T) {
	f := func(content, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenTransactions(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("open %q: %v", content, err)
		}
	}
	f("", "empty")
	f("id,time,card,kind\n", "no column atm")
	f("\"id\n", "quote")
}

func TestLabelsComeBackAsTheyWent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labels.ndjson.gz")
	want := []atm.Label{
		{Transaction: "a", Fraud: true, Scenario: "relay", Campaign: "relay-00001", Source: atm.Simulator, KnownAt: 5 * atm.Day},
		{Transaction: "b", Source: atm.Analyst, KnownAt: 6 * atm.Day, By: "ann", Reason: "known_customer", Note: "a\nb"},
	}
	w, err := CreateLabels(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if err := w.Put(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	w.Write([]byte("{}\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got []atm.Label
	keep := func(l atm.Label) error { got = append(got, l); return nil }
	if err := Labels(path, keep, nil); err == nil || !strings.Contains(err.Error(), "line 3: ") {
		t.Errorf("a line without a label: %v", err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func FuzzRows(f *testing.F) {
	f.Add("id,time,card,atm,kind", `1,2026-01-05T00:00:00Z,"c,""d",a,balance`)
	f.Add("atm,kind,id,time,card,amount,lat,lon", `a,withdrawal,1,2026-01-05T00:00:00Z,c,100,1,2`)
	f.Add("id,time,card,atm,kind,amount", `1,2026-01-05T00:00:00Z,c,a,withdrawal,1e9`)
	f.Fuzz(func(t *testing.T, header, row string) {
		lines := NewLines(strings.NewReader(header), "f")
		table, err := readHeader(lines)
		if err != nil {
			return
		}
		text, err := table.object([]byte(row))
		if err != nil {
			return
		}
		var tx atm.Transaction
		if atm.Decode(slices.Clone(text), &tx) != nil {
			return
		}
		back, err := readHeader(NewLines(strings.NewReader(string(appendHeader(nil))), "f"))
		if err != nil {
			t.Fatal(err)
		}
		text, err = back.object(appendRow(nil, &tx)[:len(appendRow(nil, &tx))-1])
		var again atm.Transaction
		if err == nil {
			err = atm.Decode(slices.Clone(text), &again)
		}
		if err != nil || again != tx {
			t.Errorf("%q\n%q\n%+v\n%+v\n%v", header, row, tx, again, err)
		}
	})
}

func TestStandardInputHasAName(t *testing.T) {
	r, err := OpenTransactions(Standard)
	if err != nil || r.file.Path() != "standard input" {
		t.Errorf("%v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stdin.Stat(); err != nil && err != io.EOF {
		t.Errorf("standard input was closed: %v", err)
	}
}
