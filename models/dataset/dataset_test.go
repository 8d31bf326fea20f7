package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/models/dataset"
)

const start = 1_770_000_000 * atm.Second

// town is some traffic of a few cards at a few ATMs: out of order by minutes, some of it late by hours, some repeated.
func town(n int) []atm.Transaction {
	random := rand.New(rand.NewPCG(1, 2))
	var list []atm.Transaction
	for i := range n {
		if i > 0 && random.IntN(50) == 0 {
			list = append(list, list[random.IntN(len(list))])
			continue
		}
		at := start + atm.Time(i)*40*atm.Second - atm.Time(random.IntN(200))*atm.Second
		if random.IntN(40) == 0 {
			at -= 3 * atm.Hour
		}
		list = append(list, atm.Transaction{
			ID: fmt.Sprintf("t%d", i), Time: at, Card: fmt.Sprintf("card%d", random.IntN(20)), ATM: fmt.Sprintf("atm%d", random.IntN(7)),
			Lat: 50 + random.Float64(), Lon: 8, Country: "DE", Kind: atm.Withdrawal, Amount: int64(1+random.IntN(20)) * 1000,
			Entry: atm.Entry(1 + random.IntN(4)), Response: []atm.Response{atm.Approved, atm.Approved, atm.WrongPIN}[random.IntN(3)], Has: atm.HasAmount | atm.HasPlace,
		})
	}
	return list
}

func stream(list []atm.Transaction) iter.Seq2[*atm.Transaction, error] {
	return func(yield func(*atm.Transaction, error) bool) {
		for i := range list {
			if !yield(&list[i], nil) {
				return
			}
		}
	}
}

func TestBuild(t *testing.T) {
	list := town(600)
	set, err := dataset.Build(context.Background(), stream(list), dataset.Window{})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, tx := range list {
		ids[tx.ID] = true
	}
	if set.Rows() != len(ids) || set.FeatureSet != feature.Hash() || len(set.X) != set.Rows()*feature.Size() {
		t.Fatalf("%d rows of %d values, feature set %x", set.Rows(), len(set.X), set.FeatureSet)
	}

	// a window keeps fewer rows, but its vectors remember what came before
	from, to := start+2*atm.Hour, start+4*atm.Hour
	part, err := dataset.Build(context.Background(), stream(list), dataset.Window{From: from, To: to})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for row, at := range set.Time {
		if at < from || at >= to {
			continue
		}
		if part.ID[n] != set.ID[row] || !slices.Equal(part.Vector(n), set.Vector(row)) {
			t.Fatalf("row %d of the window is %s, want %s with the same vector", n, part.ID[n], set.ID[row])
		}
		n++
	}
	if n != part.Rows() || n == 0 {
		t.Errorf("window has %d rows, want %d", part.Rows(), n)
	}

	broken := func(yield func(*atm.Transaction, error) bool) { yield(nil, errors.New("line 1 is torn")) }
	if _, err := dataset.Build(context.Background(), broken, dataset.Window{}); err == nil || !strings.Contains(err.Error(), "line 1 is torn") {
		t.Errorf("error %v", err)
	}
}

// live runs the engine and returns what it logged.
func live(list []atm.Transaction, partitions int) []atm.Score {
	p := engine.New(engine.Config{Partitions: partitions})
	log := make([]atm.Score, len(list))
	for i := range list {
		p.Push(&list[i], &log[i])
	}
	return log
}

// sorted yields the log by one of its positions, partition after partition.
func sorted(log []atm.Score, at func(*atm.Score) atm.Position) iter.Seq2[*atm.Score, error] {
	rows := slices.Clone(log)
	slices.SortFunc(rows, func(a, b atm.Score) int {
		p, q := at(&a), at(&b)
		return int(p.Partition-q.Partition)*1_000_000 + int(p.Offset-q.Offset)
	})
	return func(yield func(*atm.Score, error) bool) {
		for i := range rows {
			if !yield(&rows[i], nil) {
				return
			}
		}
	}
}

func byCard(s *atm.Score) atm.Position { return s.CardAt }
func byATM(s *atm.Score) atm.Position  { return s.ATMAt }

func TestRecomputeEqualsTheLogBitForBit(t *testing.T) {
	log := live(town(3000), 3)
	late, n := 0, 0
	h := dataset.History{ByCard: sorted(log, byCard), ByATM: sorted(log, byATM)}
	err := dataset.Recompute(context.Background(), h, func(stored, again *atm.Score) error {
		n++
		if stored.Flags&atm.Late != 0 {
			late++
		}
		if stored.Flags != again.Flags || stored.Transaction.ID != again.Transaction.ID {
			t.Errorf("%s: flags %v, want %v", stored.Transaction.ID, again.Flags.Strings(), stored.Flags.Strings())
		}
		for i := range stored.Vector {
			if math.Float64bits(stored.Vector[i]) != math.Float64bits(again.Vector[i]) {
				t.Errorf("%s: %s is %v, the engine logged %v", stored.Transaction.ID, feature.At(i).Name, again.Vector[i], stored.Vector[i])
			}
		}
		return nil
	})
	if err != nil || n != len(log) || late == 0 {
		t.Errorf("%d of %d rows, %d late, error %v", n, len(log), late, err)
	}
}

// The test above can fail: in the order of event time, which a naive batch layer would take, vectors differ.
func TestRecomputeInAnotherOrderDiffers(t *testing.T) {
	list := town(3000)
	log := live(list, 1)
	slices.SortStableFunc(log, func(a, b atm.Score) int { return int(a.Transaction.Time - b.Transaction.Time) })
	var naive []atm.Score
	for i, s := range log {
		s.CardAt.Offset, s.ATMAt.Offset = int64(i), int64(i)
		naive = append(naive, s)
	}
	differ := 0
	h := dataset.History{ByCard: sorted(naive, byCard), ByATM: sorted(naive, byATM)}
	err := dataset.Recompute(context.Background(), h, func(stored, again *atm.Score) error {
		if !slices.Equal(stored.Vector, again.Vector) {
			differ++
		}
		return nil
	})
	if err != nil || differ == 0 {
		t.Errorf("%d vectors differ, error %v", differ, err)
	}
}

func TestRecomputeRefuses(t *testing.T) {
	log := live(town(50), 1)
	f := func(h dataset.History, words string) {
		t.Helper()
		_, err := dataset.FromHistory(context.Background(), h, dataset.Window{})
		if !errors.Is(err, dataset.ErrOrder) || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v, want %q in it", err, words)
		}
	}
	backwards := slices.Clone(log)
	slices.Reverse(backwards)
	plain := func(rows []atm.Score) iter.Seq2[*atm.Score, error] {
		return func(yield func(*atm.Score, error) bool) {
			for i := range rows {
				if !yield(&rows[i], nil) {
					return
				}
			}
		}
	}
	f(dataset.History{ByCard: plain(backwards), ByATM: plain(log)}, "recompute the card half")
	f(dataset.History{ByCard: plain(log), ByATM: plain(backwards)}, "recompute the atm half")
	f(dataset.History{ByCard: plain(log[1:]), ByATM: plain(log)}, "the card order does not have it")
}

func TestFromHistoryEqualsBuild(t *testing.T) {
	list := town(500)
	log := live(list, 1)
	a, err := dataset.Build(context.Background(), stream(list), dataset.Window{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := dataset.FromHistory(context.Background(), dataset.History{ByCard: sorted(log, byCard), ByATM: sorted(log, byATM)}, dataset.Window{})
	if err != nil || !slices.Equal(a.ID, b.ID) || !slices.Equal(a.X, b.X) {
		t.Errorf("error %v, %d and %d rows", err, a.Rows(), b.Rows())
	}
}

func TestLabels(t *testing.T) {
	set := &dataset.Set{Names: []string{"x"}}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		if err := set.Add(&atm.Transaction{ID: id}, []float64{1}); err != nil {
			t.Fatal(err)
		}
	}
	l := dataset.NewLabels(10)
	for _, label := range []atm.Label{
		{Transaction: "a", Fraud: true, Source: atm.Simulator, KnownAt: 9, Scenario: "relay"},
		{Transaction: "a", Fraud: true, Source: atm.Analyst, KnownAt: 4},
		{Transaction: "b", Fraud: true, Source: atm.Analyst, KnownAt: 3},
		{Transaction: "b", Fraud: false, Source: atm.Analyst, KnownAt: 5}, // changed their mind
		{Transaction: "c", Fraud: true, Source: atm.Chargeback, KnownAt: 11},
		{Transaction: "d", Fraud: false, Source: atm.Analyst, KnownAt: 2},
		{Transaction: "d", Fraud: true, Source: atm.Chargeback, KnownAt: 8},
		{Transaction: "elsewhere", Fraud: true, Source: atm.Chargeback, KnownAt: 8},
	} {
		l.Add(label)
	}
	used := set.Label(l)
	if used[atm.Analyst] != 3 || used[atm.Simulator] != 1 || used[atm.Chargeback] != 1 || l.Later() != 1 {
		t.Errorf("used %v, %d later", used, l.Later())
	}
	f := func(row int, fraud bool, known atm.Time, source atm.Source, scenario string) {
		t.Helper()
		if set.Fraud[row] != fraud || set.KnownAt[row] != known || set.Source[row] != source || set.Scenario[row] != scenario {
			t.Errorf("row %s: fraud %v, known at %d by %q, %q", set.ID[row], set.Fraud[row], set.KnownAt[row], set.Source[row], set.Scenario[row])
		}
	}
	f(0, true, 4, atm.Simulator, "relay") // both say fraud: known since the first of them did
	f(1, false, 5, atm.Analyst, "")
	f(2, false, 0, "", "")
	f(3, true, 8, atm.Chargeback, "") // the chargeback outranks the analyst
	f(4, false, 0, "", "")
	if set.FraudAt(0, 3) || !set.FraudAt(0, 4) || set.LabelledAt(1, 4) || !set.LabelledAt(1, 5) || set.LabelledAt(4, 99) {
		t.Error("labels count from when they were known")
	}
}

func TestKeep(t *testing.T) {
	set := &dataset.Set{Names: []string{"x", "y", "z"}, FeatureSet: 1}
	if err := set.Add(&atm.Transaction{ID: "a"}, []float64{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	kept, err := set.Keep([]string{"z", "x"})
	if err != nil || !slices.Equal(kept.X, []float64{3, 1}) || kept.FeatureSet != 0 || !slices.Equal(kept.ID, set.ID) {
		t.Errorf("kept %+v, error %v", kept, err)
	}
	if _, err := set.Keep([]string{"w"}); err == nil || !strings.Contains(err.Error(), `"w"`) {
		t.Errorf("error %v", err)
	}
	if err := set.Add(&atm.Transaction{ID: "a"}, []float64{1}); err == nil {
		t.Error("a short vector was added")
	}
}
