package feature_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

func TestCatalogueIsComplete(t *testing.T) {
	names := map[string]bool{}
	for i, f := range feature.Catalogue() {
		if f.Name == "" || f.Aggregate == "" || f.Unit == "" || f.Meaning == "" || f.Where == nil || names[f.Name] {
			t.Errorf("feature %d is not told in full, or twice: %+v", i, f)
		}
		names[f.Name] = true
		if f.Name != strings.ToLower(f.Name) || strings.ContainsAny(f.Name, " -%") {
			t.Errorf("%q is no name for a column", f.Name)
		}
		if !slices.Contains([]feature.Entity{feature.OfCard, feature.OfATM, feature.OfTransaction}, f.Entity) {
			t.Errorf("%s describes a %q", f.Name, f.Entity)
		}
		if windowed := slices.Contains([]string{"count", "sum", "distinct"}, f.Aggregate); windowed != (f.Window > 0) {
			t.Errorf("%s: a %s over %d s", f.Name, f.Aggregate, f.Window)
		}
		if at, ok := feature.Find(f.Name); !ok || at != i || feature.Index(f.Name) != i || feature.At(i).Name != f.Name || feature.Names()[i] != f.Name {
			t.Errorf("%s does not stand at %d", f.Name, i)
		}
		if !math.IsInf(f.Default, 0) && f.Default != f.Default {
			t.Errorf("%s has no default", f.Name)
		}
	}
	if len(names) < 20 || feature.Size() != len(names) || feature.CardSize() <= 0 || feature.CardSize() >= feature.Size() {
		t.Errorf("%d names, %d features, %d of the card", len(names), feature.Size(), feature.CardSize())
	}
	if _, ok := feature.Find("nonsense"); ok {
		t.Error("nonsense is a feature")
	}
}

// Every sentence holds the value, or says yes or no in words, and reads as one line, whatever the value.
func TestSentences(t *testing.T) {
	tx := atm.Transaction{Currency: "EUR"}
	for i := range feature.Size() {
		f := feature.At(i)
		for _, v := range []float64{0, 1, 3, 1234567, 0.5} {
			got := f.Sentence(v, &tx)
			told := strings.Contains(got, f.Format(v, "EUR")) || v == 0 && strings.HasPrefix(got, "No ")
			if f.Unit == "yes/no" {
				told = got != f.Sentence(1, &tx) == (v == 0)
			}
			if !told || f.Title == "" || f.Meaning == "" || strings.Contains(got, "%!") || strings.ContainsAny(got, "\n\t") {
				t.Errorf("%s of %v: %q", f.Name, v, got)
			}
		}
	}
}

func TestFormat(t *testing.T) {
	f := func(unit string, v float64, want string) {
		t.Helper()
		x := feature.Feature{Unit: unit}
		if got := x.Format(v, "CHF"); got != want {
			t.Errorf("%v %s is written %q, want %q", v, unit, got, want)
		}
	}
	f("minor units", 0, "CHF 0.00")
	f("minor units", 5, "CHF 0.05")
	f("minor units", -125000, "CHF -1,250.00")
	f("minor units", 123456789, "CHF 1,234,567.89")
	f("seconds", 0, "0 s")
	f("seconds", 119, "119 s")
	f("seconds", 120, "2 min")
	f("seconds", 7200, "2.0 h")
	f("seconds", 30*86400, "30.0 days")
	f("yes/no", 1, "yes")
	f("yes/no", 0, "no")
	f("km", 12.6, "13 km")
	f("km/h", 100000, "100,000 km/h")
	f("share", 0.126, "13 %")
	f("times", 2.25, "2.2 times")
	f("events", 3, "3")
	if got := feature.Money(100000, ""); got != "1,000.00" {
		t.Errorf("money without a currency is %q", got)
	}
}

func TestHashIsThatOfTheCatalogue(t *testing.T) {
	a, err := json.Marshal(feature.Catalogue())
	if err != nil || feature.Hash() == 0 {
		t.Fatal(err, feature.Hash())
	}
	c := feature.Catalogue()
	c[0].Name = "changed"
	if b, _ := json.Marshal(feature.Catalogue()); string(a) != string(b) {
		t.Error("a caller may change the catalogue")
	}
}

// Whatever the decoder lets through gives finite numbers.
func TestVectorsAreFinite(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(v ...int64) int64 { return v[r.IntN(len(v))] }
	p := engine.New(engine.Config{})
	var s atm.Score
	lastDay := int64(253402300799_999999)
	for i, tx := range stream(9, 4000) {
		switch r.IntN(3) {
		case 0:
			tx.Time = atm.Time(pick(0, 1, lastDay, lastDay-1, int64(tx.Time)))
		case 1:
			tx.Has |= atm.HasPlace | atm.HasAmount | atm.HasLimit | atm.HasBalance
			tx.Lat, tx.Lon = float64(pick(-90, 0, 90)), float64(pick(-180, 0, 180))
			tx.Amount, tx.DailyLimit, tx.BalanceAfter = pick(0, 1, atm.MaxAmount), pick(0, 1, atm.MaxAmount), pick(-atm.MaxAmount, -1, 0, atm.MaxAmount)
		}
		p.Push(&tx, &s)
		for k, v := range s.Vector {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("event %d: %s is %v: %s", i, feature.At(k).Name, v, tx.AppendJSON(nil))
			}
		}
	}
}
