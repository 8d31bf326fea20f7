package atm

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDecodeLabel(t *testing.T) {
	want := Label{Transaction: "t1", Fraud: true, Scenario: "skimming", Campaign: "s1", Source: Analyst, KnownAt: 1767605400_000000, By: "ana", Reason: "confirmed", Note: "called"}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeLabel(b); err != nil || got != want {
		t.Errorf("%s is read as %+v, %v", b, got, err)
	}
	honest := `{"transaction":"t1","fraud":false,"source":"chargeback","known_at":"2026-01-05T09:30:00Z","more":[1]}`
	if got, err := DecodeLabel([]byte(honest)); err != nil || got.Fraud || got.Source != Chargeback || got.KnownAt != want.KnownAt {
		t.Errorf("%+v, %v", got, err)
	}

	f := func(old, new, say string) {
		t.Helper()
		bad := strings.Replace(honest, old, new, 1)
		if bad == honest {
			t.Fatalf("%q does not stand in the label", old)
		}
		if _, err := DecodeLabel([]byte(bad)); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v does not say %q", bad, err, say)
		}
	}
	f(`"t1"`, `""`, "transaction is missing")
	f(`"t1"`, `7`, "transaction")
	f(`"fraud"`, `"fruad"`, `"t1": fraud is missing`)
	f(`false`, `null`, "fraud is missing")
	f(`false`, `"no"`, "fraud")
	f(`"known_at"`, `"known"`, "known_at is missing")
	f(`2026-01-05`, `2026-02-30`, "2026-02-30")
	f(`chargeback`, `rumour`, `"rumour" is not one of`)
	f(`}`, `}x`, "decode label")
	f(`}`, ``, "decode label")
}
