package score

import (
	"encoding/json"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

func TestAppendJSON(t *testing.T) {
	d := NewDecider(Version{Name: "fraud/7", Threshold: 0.5})
	f := func(s *atm.Score, reasons int) map[string]any {
		t.Helper()
		d.Decide(s)
		b, err := AppendJSON([]byte("before "), s)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(string(b), "before ")
		var got map[string]any
		if err := json.Unmarshal([]byte(text), &got); !ok || err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if strings.Contains(text, "\n") {
			t.Error("a score does not fit in a line")
		}
		for key, want := range map[string]any{"id": s.Transaction.ID, "score": s.Score, "decision": string(s.Decision), "threshold": 0.5, "model": "fraud/7", "rules": s.Rules} {
			if got[key] != want {
				t.Errorf("%s is %v, want %v", key, got[key], want)
			}
		}
		list, ok := got["reasons"].([]any)
		if !ok || len(list) != reasons {
			t.Fatalf("reasons are %v", got["reasons"])
		}
		for i, r := range list {
			r := r.(map[string]any)
			if r["code"] != s.Reasons[i].Code || r["text"] != s.Reasons[i].Text || r["contribution"] != s.Reasons[i].Contribution {
				t.Errorf("reason %d is %v", i, r)
			}
		}
		features := got["features"].(map[string]any)
		if len(features) != feature.Size() {
			t.Fatalf("%d features", len(features))
		}
		for i, name := range feature.Names() {
			if features[name] != s.Vector[i] {
				t.Errorf("%s is %v, want %v", name, features[name], s.Vector[i])
			}
		}
		return got
	}
	f(withdrawal(travel), 1)
	f(withdrawal(map[string]float64{"hour": 1e21, "weekday": 1e-9, "amount": -0.1}), 0)
	s := withdrawal(nil)
	s.Transaction.ID = "a\"\n\\é"
	if got := f(s, 0); got["flags"] != nil {
		t.Errorf("flags %v", got["flags"])
	}
	s.Flags = atm.Late | atm.Overflow
	if got := f(s, 0); len(got["flags"].([]any)) != 2 {
		t.Errorf("flags %v", got["flags"])
	}

	s.Vector = s.Vector[1:]
	if b, err := AppendJSON([]byte("x"), s); err == nil || string(b) != "x" || !strings.Contains(err.Error(), "features") {
		t.Errorf("a short vector gives %q, %v", b, err)
	}
}
