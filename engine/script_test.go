package engine

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// TestScripts plays testdata/*.txt. A block has transactions, one a line, then ----, then what the engine answers:
//
//	show card_km_since_last card_kmh_since_last
//	t1 09:30 c1 PAR withdrawal 200.00 chip
//	----
//	t1 pass 0.00 card_km_since_last=0 card_kmh_since_last=0
//
// "show" says which features are printed from there on. A line has an id, the time on 2026-01-05 (or "+2d 09:30"), the card,
// the ATM out of places, the kind, and then in any order an amount, an entry mode, a response of two characters, or a field
// as key=value.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { play(t, path) })
	}
}

// play runs one script and compares or rewrites it.
func play(t *testing.T, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, shown := New(Config{}), []string(nil)
	var out strings.Builder
	answering := false
	var answers []string
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		switch {
		case line == "----":
			answering = true
			out.WriteString("----\n" + strings.Join(answers, ""))
			answers = nil
		case line == "" && answering:
			answering = false
			out.WriteString("\n")
		case answering: // the old answer
		case strings.HasPrefix(line, "show "):
			shown = strings.Fields(line)[1:]
			out.WriteString(line + "\n")
		case line == "" || strings.HasPrefix(line, "#"):
			out.WriteString(line + "\n")
		default:
			tx, err := parse(line)
			if err != nil {
				t.Fatalf("%s line %d: %v", path, n+1, err)
			}
			answers = append(answers, answer(p, &tx, shown))
			out.WriteString(line + "\n")
		}
	}
	if len(answers) > 0 {
		t.Fatalf("%s: the last block has no ----", path)
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if out.String() != string(b) {
		t.Errorf("%s answers otherwise (go test ./engine -update rewrites it):\n%s", path, out.String())
	}
}

// answer pushes one transaction and writes down what came of it.
func answer(p *Pipeline, tx *atm.Transaction, shown []string) string {
	var s atm.Score
	p.Push(tx, &s)
	line := fmt.Sprintf("%s %s %.2f", tx.ID, s.Decision, s.Score)
	for _, flag := range s.Flags.Strings() {
		line += " " + flag
	}
	for _, r := range s.Reasons {
		line += fmt.Sprintf(" %s(%+.2f)", r.Code, r.Contribution)
	}
	for _, name := range shown {
		line += " " + name + "=" + strconv.FormatFloat(float64(int64(s.Vector[feature.Index(name)]*100+0.5))/100, 'f', -1, 64)
	}
	return line + "\n"
}

// places are the ATMs of the scripts.
var places = map[string]struct {
	lat, lon float64
	country  string
}{
	"ZRH": {47.37, 8.54, "CH"}, "ZRH2": {47.38, 8.53, "CH"}, "LUZ": {47.05, 8.31, "CH"}, "PAR": {48.86, 2.35, "FR"}, "LON": {51.51, -0.13, "GB"},
	"NYC": {40.71, -74.01, "US"}, "TOK": {35.68, 139.65, "JP"},
}

// parse reads one line of a script.
func parse(line string) (tx atm.Transaction, err error) {
	words, days := strings.Fields(line), 0
	if len(words) > 2 && strings.HasPrefix(words[1], "+") {
		if days, err = strconv.Atoi(strings.Trim(words[1], "+d")); err != nil {
			return tx, fmt.Errorf("days %q: %w", words[1], err)
		}
		words = append(words[:1], words[2:]...)
	}
	if len(words) < 5 {
		return tx, fmt.Errorf("%q is too short", line)
	}
	clock := words[1]
	if len(clock) == len("09:30") {
		clock += ":00"
	}
	at, err := time.Parse("15:04:05", clock)
	if err != nil {
		return tx, fmt.Errorf("time %q: %w", words[1], err)
	}
	place, ok := places[words[3]]
	if !ok {
		return tx, fmt.Errorf("no ATM is called %q", words[3])
	}
	at = time.Date(2026, 1, 5+days, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	tx = atm.Transaction{ID: words[0], Time: atm.TimeOf(at), Card: words[2], BIN: "457000", ATM: words[3], Kind: atm.Kind(max(0, slices.Index(atm.Kinds[:], words[4]))),
		Lat: place.lat, Lon: place.lon, Country: place.country, Currency: "EUR", Has: atm.HasPlace}
	for _, w := range words[5:] {
		if err := set(&tx, w); err != nil {
			return tx, err
		}
	}
	return tx, tx.Check()
}

// set reads one optional word of a line.
func set(tx *atm.Transaction, word string) (err error) {
	key, value, _ := strings.Cut(word, "=")
	switch {
	case key == "bin":
		tx.BIN = value
	case key == "of":
		tx.ReversalOf, tx.ReversalReason = value, "20"
	case key == "limit":
		tx.DailyLimit, err = cents(value)
		tx.Has |= atm.HasLimit
	case slices.Contains(atm.Entries[1:], word):
		tx.Entry = atm.Entry(slices.Index(atm.Entries[:], word))
	case strings.Contains(word, "."):
		tx.Amount, err = cents(word)
		tx.Has |= atm.HasAmount
	case len(word) == 2:
		tx.Response = atm.Response(word)
	default:
		err = fmt.Errorf("what is %q", word)
	}
	return err
}

// cents reads 1234.50.
func cents(s string) (int64, error) { return strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64) }
