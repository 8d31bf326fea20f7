package atm

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestTimeIsRFC3339(t *testing.T) {
	f := func(text string, want time.Time) {
		t.Helper()
		var got Transaction
		if err := Decode(fmt.Appendf(nil, `{"id":"t","time":%q,"card":"c","atm":"a","kind":"balance"}`, text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got.Time != TimeOf(want) {
			t.Fatalf("%s is read as %v, want %v", text, got.Time, want)
		}
	}
	utc := func(y int, m time.Month, d, h, min, s, micro int) time.Time {
		return time.Date(y, m, d, h, min, s, micro*1000, time.UTC)
	}
	f("2026-01-05T09:30:00Z", utc(2026, 1, 5, 9, 30, 0, 0))
	// fractions: every length, cut to the microsecond
	f("2026-01-05T09:30:00.1Z", utc(2026, 1, 5, 9, 30, 0, 100000))
	f("2026-01-05T09:30:00.12Z", utc(2026, 1, 5, 9, 30, 0, 120000))
	f("2026-01-05T09:30:00.000001Z", utc(2026, 1, 5, 9, 30, 0, 1))
	f("2026-01-05T09:30:00.123456Z", utc(2026, 1, 5, 9, 30, 0, 123456))
	f("2026-01-05T09:30:00.1234567Z", utc(2026, 1, 5, 9, 30, 0, 123456))
	f("2026-01-05T09:30:00.999999999Z", utc(2026, 1, 5, 9, 30, 0, 999999))
	// offsets
	f("2026-01-05T09:30:00+01:00", utc(2026, 1, 5, 8, 30, 0, 0))
	f("2026-01-05T23:30:00.5-05:45", utc(2026, 1, 6, 5, 15, 0, 500000))
	f("2026-01-05T09:30:00-00:00", utc(2026, 1, 5, 9, 30, 0, 0))
	// leap days and the ends of the calendar
	f("2024-02-29T23:59:59.999999Z", utc(2024, 2, 29, 23, 59, 59, 999999))
	f("2000-02-29T00:00:00Z", utc(2000, 2, 29, 0, 0, 0, 0))
	f("2100-02-28T00:00:00Z", utc(2100, 2, 28, 0, 0, 0, 0))
	f("1970-01-01T00:00:00Z", utc(1970, 1, 1, 0, 0, 0, 0))
	f("1969-12-31T23:30:00-01:00", utc(1970, 1, 1, 0, 30, 0, 0))
	f("9999-12-31T23:59:59.999999Z", utc(9999, 12, 31, 23, 59, 59, 999999))
}

func TestTimeRefuses(t *testing.T) {
	f := func(text string) {
		t.Helper()
		if got, err := parseTime(text); err == nil {
			t.Fatalf("%q is read as %v", text, got)
		}
	}
	for _, text := range []string{
		"", "now", "2026-01-05", "09:30:00", "1767605400", "2026-01-05 09:30:00Z", "2026-01-05T09:30Z", "2026-01-05T09:30:00",
		"2026-1-05T09:30:00Z", "2026-01-05T9:30:00Z", "2026-01-05T09:30:00.Z", "2026-01-05T09:30:00,5Z", "2026-01-05T09:30:00z ",
		"2026-00-05T09:30:00Z", "2026-13-05T09:30:00Z", "2026-01-00T09:30:00Z", "2026-01-32T09:30:00Z", "2026-04-31T00:00:00Z",
		"2026-01-05T24:00:00Z", "2026-01-05T09:60:00Z", "2026-01-05T09:30:60Z", "2016-12-31T23:59:60Z",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00",
		"9999-12-31T23:59:59-01:00", "10000-01-01T00:00:00Z", "-026-01-05T09:30:00Z", "2026-01-05T09:30:00+25:00",
		"2026-01-05T09:30:00.1234567890123456789012345678901234567890X", "２026-01-05T09:30:00Z",
	} {
		f(text)
	}
}

// Every day from 1970 to 2400 and the last of 9999 is counted as the standard library counts it.
func TestTimeCountsDays(t *testing.T) {
	last := time.Date(2400, 12, 31, 12, 34, 56, 0, time.UTC)
	for day := time.Date(1970, 1, 1, 12, 34, 56, 0, time.UTC); !day.After(last); day = day.AddDate(0, 0, 1) {
		if got, ok := fastTime(day.Format(time.RFC3339)); !ok || got != TimeOf(day) {
			t.Fatalf("%v is counted as %v, %v", day, got, ok)
		}
	}
}

func TestTimeInJSON(t *testing.T) {
	at := Time(1767605400_250000)
	b, err := json.Marshal(at)
	if err != nil || string(b) != `"2026-01-05T09:30:00.25Z"` {
		t.Fatalf("%s, %v", b, err)
	}
	var back Time
	if err := json.Unmarshal(b, &back); err != nil || back != at {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range []string{`7`, `"x"`, `true`, `"`, `""`} {
		if err := back.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is read as a time", bad)
		}
	}
	if got := (90 * Second).Duration(); got != 90*time.Second {
		t.Errorf("90 s last %v", got)
	}
}
