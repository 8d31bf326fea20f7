package dashboards_test

import (
	"net/http"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

// cardNumbers returns the runs of 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1 annex B).
func cardNumbers(text string) []string {
	var found []string
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] >= '0' && text[i] <= '9' {
			continue
		}
		if run := text[start:i]; len(run) >= 13 && len(run) <= 19 && luhn(run) {
			found = append(found, run)
		}
		start = i + 1
	}
	return found
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// TestNoCardNumbers looks for card numbers on every page and in every answer of the API, as the most privileged user. The
// invented dead letters hold some, in bytes, key and reason.
func TestNoCardNumbers(t *testing.T) {
	if got := cardNumbers(`{"card":"4111111111111111","x":1234567890123}`); len(got) != 1 {
		t.Fatal("the check itself finds", got)
	}
	s := newStill(t, storybook.Many)
	c := s.as("admin")
	id := s.firstOpen()
	for _, path := range []string{"/", "/overview/series", "/queue", "/queue/rows", "/models", "/system", "/alerts/" + id, "/api/v1/overview",
		"/api/v1/alerts?limit=500", "/api/v1/alerts/" + id, "/api/v1/models", "/api/v1/system"} {
		r := c.get(path)
		if r.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, r.Code)
		}
		if got := cardNumbers(r.Body.String()); len(got) > 0 {
			t.Errorf("%s shows %v", path, got)
		}
	}
}

func TestMaskCard(t *testing.T) {
	f := func(bin, last4 string, r dashboards.Role, want string) {
		t.Helper()
		if got := dashboards.MaskCard(bin, last4, r); got != want {
			t.Errorf("%s…%s for %s is %q, want %q", bin, last4, r, got, want)
		}
	}
	f("42000000", "1234", dashboards.Viewer, "•••• 1234")
	f("42000000", "1234", dashboards.Analyst, "42000000 •••• 1234")
	f("420000", "1234", dashboards.Admin, "420000 •••• 1234")
	f("", "1234", dashboards.Admin, "•••• 1234")
	f("", "", dashboards.Analyst, "number not known")
	f("420000", "1234", "", "•••• 1234")
}

func TestHideDigits(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := dashboards.HideDigits(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	f("card 4111111111111111 end", "card •••••••••••••••• end")
	f("4111111111111111", "••••••••••••••••")
	f("12345678901", "12345678901")
	f("ü123456789012", "ü••••••••••••")
	f("", "")
}
