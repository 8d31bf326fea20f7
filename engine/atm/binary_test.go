package atm

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"skimwatch/engine/wire"
)

var fullScore = Score{
	Transaction: fullTransaction, CardAt: Position{3, 1 << 40}, ATMAt: Position{0, -7}, Flags: Late | Future, FeatureSet: math.MaxUint64,
	Vector: []float64{0, -1.5, math.Inf(1), math.MaxFloat64, math.Copysign(0, -1)}, Score: 0.75, Threshold: 0.5, Decision: Alerts,
	Reasons: []Reason{{"rule:x", "because", 0.5}, {"card_new_atm", "yes: new", -0.25}}, Model: "fraud/7", Rules: "rules/1", Produced: 5, Scored: 9,
}

func TestTransactionBinary(t *testing.T) {
	f := func(want Transaction) {
		t.Helper()
		var got Transaction
		r := wire.NewReader(want.AppendBinary(nil))
		if got.ReadBinary(r); r.End() != nil || got != want {
			t.Errorf("\n got %+v, %v\nwant %+v", got, r.End(), want)
		}
	}
	f(fullTransaction)
	f(Transaction{})
	f(Transaction{ID: "x", Time: -1, Kind: Dispense, Entry: Manual, Amount: math.MinInt64, DailyLimit: math.MaxInt64})
	f(Transaction{City: strings.Repeat("é", 5000), Has: HasBalance})
}

func TestTransactionBinaryRefuses(t *testing.T) {
	good := fullTransaction.AppendBinary(nil)
	var got Transaction
	for i := range good {
		r := wire.NewReader(good[:i])
		if got.ReadBinary(r); r.End() == nil {
			t.Fatalf("cut at byte %d of %d, it is read as %+v", i, len(good), got)
		}
	}
	for i, bad := range map[int]byte{0: byte(len(Kinds)), 1: byte(len(Entries))} {
		b := append([]byte(nil), good...)
		b[i] = bad
		r := wire.NewReader(b)
		if got.ReadBinary(r); r.End() == nil {
			t.Errorf("byte %d may be %d", i, bad)
		}
	}
}

func TestScoreBinary(t *testing.T) {
	f := func(want Score) {
		t.Helper()
		b := want.AppendBinary(nil)
		got := Score{Vector: make([]float64, 9), Reasons: make([]Reason, 9), Model: "left over", Flags: 255}
		if err := DecodeScore(b, &got); err != nil {
			t.Fatal(err)
		}
		if len(want.Vector) == 0 {
			want.Vector, want.Reasons = got.Vector[:0], got.Reasons[:0]
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("\n got %+v\nwant %+v", got, want)
		}
		if string(got.AppendBinary(nil)) != string(b) {
			t.Error("what was decoded encodes to other bytes")
		}
	}
	f(fullScore)
	f(Score{})
}

func TestScoreBinaryRefuses(t *testing.T) {
	good := fullScore.AppendBinary(nil)
	var got Score
	for i := range good {
		if err := DecodeScore(good[:i], &got); err == nil {
			t.Fatalf("cut at byte %d of %d, it is read as %+v", i, len(good), got)
		}
	}
	if err := DecodeScore(append(good, 0), &got); err == nil {
		t.Error("a byte may follow")
	}
	if err := DecodeScore(append([]byte{9}, good[1:]...), &got); err == nil || !strings.Contains(err.Error(), "format 9") {
		t.Errorf("format 9: %v", err)
	}
}

func TestFlagsHaveNames(t *testing.T) {
	f := func(flags Flags, want string) {
		t.Helper()
		if got := strings.Join(flags.Strings(), " "); got != want {
			t.Errorf("%d is %q, want %q", flags, got, want)
		}
	}
	f(0, "")
	f(Late, "late")
	f(Duplicate|Overflow, "duplicate overflow")
	f(Late|Duplicate|Future|Overflow, "late duplicate future overflow")
}
