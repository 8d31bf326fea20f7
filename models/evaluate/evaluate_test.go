package evaluate_test

import (
	"math"
	"slices"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/models/evaluate"
)

// list makes transactions from scores and a string of the same length in which F is fraud.
func list(truth string, scores ...float64) []evaluate.Scored {
	var l []evaluate.Scored
	for i, s := range scores {
		l = append(l, evaluate.Scored{Score: s, Fraud: truth[i] == 'F'})
	}
	return l
}

func near(t *testing.T, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAveragePrecision(t *testing.T) {
	f := func(truth string, scores []float64, want float64) {
		t.Helper()
		near(t, evaluate.AveragePrecision(list(truth, scores...)), want)
	}
	// the example of scikit-learn's documentation
	f("..FF", []float64{0.1, 0.4, 0.35, 0.8}, 0.8333333333333333)
	// perfect, inverted, ties, no fraud
	f("FF..", []float64{4, 3, 2, 1}, 1)
	f("..FF", []float64{4, 3, 2, 1}, 0.5/3+0.5/2)
	f("F.F.", []float64{1, 1, 1, 1}, 0.5)
	f("F.F.", []float64{1, 1, 0, 0}, 0.5*0.5+0.5*0.5)
	f("....", []float64{1, 2, 3, 4}, 0)
	f("", nil, 0)
}

func TestROCAUC(t *testing.T) {
	f := func(truth string, scores []float64, want float64) {
		t.Helper()
		near(t, evaluate.ROCAUC(list(truth, scores...)), want)
	}
	f("..FF", []float64{0.1, 0.4, 0.35, 0.8}, 0.75) // the example of scikit-learn's documentation
	f("FF..", []float64{4, 3, 2, 1}, 1)
	f("..FF", []float64{4, 3, 2, 1}, 0)
	f("F.F.", []float64{1, 1, 1, 1}, 0.5)
	f("F..", []float64{2, 2, 1}, 0.75)
	f("FF", []float64{2, 2}, 0.5)
}

func TestAt(t *testing.T) {
	l := list("F.F.F", 0.9, 0.8, 0.7, 0.2, 0.1)
	f := func(threshold float64, alerts int, precision, recall float64) {
		t.Helper()
		got := evaluate.At(l, threshold)
		if got.Alerts != alerts {
			t.Errorf("%d alerts, want %d", got.Alerts, alerts)
		}
		near(t, got.Precision, precision)
		near(t, got.Recall, recall)
	}
	f(0.7, 3, 2.0/3, 2.0/3)
	f(0.70001, 2, 0.5, 1.0/3)
	f(0, 5, 0.6, 1)
	f(1, 0, 0, 0)
}

func at(day int, card string, score float64, fraud bool, amount int64) evaluate.Scored {
	return evaluate.Scored{Score: score, Fraud: fraud, Card: card, Amount: amount, Time: atm.Time(day)*atm.Day + atm.Hour}
}

func TestCardPrecision(t *testing.T) {
	l := []evaluate.Scored{
		at(0, "a", 0.9, false, 1), at(0, "a", 0.2, true, 1), // card a is fraud: its best score and its fraud may differ
		at(0, "b", 0.8, false, 1), at(0, "c", 0.7, true, 1),
		at(1, "a", 0.9, true, 1), // caught the day before, so it leaves
		at(1, "c", 0.6, true, 1), at(1, "b", 0.5, false, 1), at(1, "d", 0.4, true, 1),
	}
	near(t, evaluate.CardPrecision(l, 0, 2), (0.5+0.5)/2)
	near(t, evaluate.CardPrecision(l, 0, 3), (2.0/3+1.0/3)/2)
	near(t, evaluate.CardPrecision(l, 0, 10), (0.2+0.1)/2) // fewer cards than k: still a share of k
	near(t, evaluate.CardPrecision(nil, 0, 2), 0)
}

func TestAtBudget(t *testing.T) {
	l := []evaluate.Scored{
		at(0, "a", 0.9, true, 100), at(0, "b", 0.8, false, 5000), at(0, "c", 0.7, true, 300),
		at(1, "a", 0.3, true, 600), at(1, "b", 0.1, false, 1),
	}
	f := func(perDay int, recall, value float64) {
		t.Helper()
		got := evaluate.AtBudget(l, 0, perDay)
		near(t, got.Recall, recall)
		near(t, got.ValueDetection, value)
	}
	f(1, 2.0/3, 0.7)
	f(2, 2.0/3, 0.7)
	f(3, 1, 1)
	f(0, 0, 0)
	l[2].Scenario, l[3].Scenario = "relay", "relay"
	if got, want := evaluate.AtBudget(l, 0, 1).PerScenario, []evaluate.ScenarioRecall{{"relay", 2, 1, 0.5}}; !slices.Equal(got, want) {
		t.Errorf("per scenario %v, want %v", got, want)
	}
}

func TestThreshold(t *testing.T) {
	var l []evaluate.Scored
	for i, s := range []float64{0.9, 0.8, 0.6, 0.6, 0.4, 0.2} {
		l = append(l, evaluate.Scored{Score: s, Time: atm.Time(i) * 2 * atm.Day / 5})
	}
	f := func(perDay float64, alerts int) {
		t.Helper()
		if got := evaluate.At(l, evaluate.Threshold(l, perDay)).Alerts; got != alerts {
			t.Errorf("budget %v a day over two days: %d alerts, want %d", perDay, got, alerts)
		}
	}
	f(0.5, 1)
	f(1, 2)
	f(1.5, 2) // the third and fourth score alike, and both would be too many
	f(2, 4)
	f(100, 5) // never everything
	f(0, 0)
	near(t, evaluate.Threshold(l, 1), 0.7)
	l[1].Score = 0.9
	f(0.5, 2) // the two best score alike
	if got := evaluate.Threshold(nil, 1); got != 1 {
		t.Errorf("threshold of nothing is %v", got)
	}
}

func TestPerScenario(t *testing.T) {
	l := list("FFF.F", 0.9, 0.2, 0.8, 0.9, 0.1)
	l[0].Scenario, l[1].Scenario, l[2].Scenario, l[3].Scenario = "relay", "relay", "cash_out", "relay"
	want := []evaluate.ScenarioRecall{{"cash_out", 1, 1, 1}, {"relay", 2, 1, 0.5}}
	if got := evaluate.PerScenario(l, 0.5); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// days builds a set with one transaction an hour into each day that is given, cards and frauds as "a" or "A" (fraud).
func days(cards string) *dataset.Set {
	s := &dataset.Set{Names: []string{"x"}}
	for day, c := range cards {
		card := string(c | 0x20)
		tx := atm.Transaction{ID: string(rune('0' + day)), Card: card, Time: atm.Time(day)*atm.Day + atm.Hour}
		if err := s.Add(&tx, []float64{1}); err != nil {
			panic(err)
		}
		s.Fraud[day], s.KnownAt[day] = card != string(c), tx.Time+2*atm.Day
	}
	return s
}

func TestSplit(t *testing.T) {
	// day:        0123456789
	set := days("aBcDEfgBdE")
	s := evaluate.Split{TestFrom: 6 * atm.Day, Test: 4 * atm.Day, Delay: 2 * atm.Day, Train: 3 * atm.Day}
	f := func(s evaluate.Split, fit, judge []int) {
		t.Helper()
		if got := s.Fit(set).Rows; !slices.Equal(got, fit) {
			t.Errorf("fit rows %v, want %v", got, fit)
		}
		if got := s.Judge(set).Rows; !slices.Equal(got, judge) {
			t.Errorf("judged rows %v, want %v", got, judge)
		}
	}
	// b and d were defrauded in the fit window, e on day 4, known on day 6 and left out from day 7 on
	f(s, []int{1, 2, 3}, []int{6})
	s.KeepKnown = true
	f(s, []int{1, 2, 3}, []int{6, 7, 8, 9})
	// a memory of one day before the gap forgets b
	s.KeepKnown, s.Known = false, atm.Day
	f(s, []int{1, 2, 3}, []int{6, 7})
	// a fold later
	s.Known, s.Test = 0, 2*atm.Day
	f(s.Fold(1), []int{3, 4, 5}, nil)

	// labels: what was known when the test begins
	if got := s.Fit(set).Y; !slices.Equal(got, []bool{true, false, true}) {
		t.Errorf("answers %v", got)
	}
	s.TestFrom, s.Delay = 4*atm.Day, 0
	if got := s.Fit(set).Y; !slices.Equal(got, []bool{true, false, false}) {
		t.Errorf("answers %v: the fraud of day 3 was known only after day 4", got)
	}
}

func TestBestF1(t *testing.T) {
	f := func(truth string, scores []float64, want float64) {
		t.Helper()
		near(t, evaluate.BestF1(list(truth, scores...)), want)
	}
	f("FF..", []float64{0.9, 0.8, 0.4, 0.1}, 0.6)
	f("F.F....", []float64{0.9, 0.8, 0.7, 0.3, 0.2, 0.1, 0}, 0.5)
	f("F......F", []float64{0.9, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0}, 0.7)
	f("F", []float64{0.4}, 0.4)
	f("...", []float64{0.9, 0.5, 0.4}, 1)
}
