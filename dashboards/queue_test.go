package dashboards_test

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

// TestPagesMeet walks through the first 1,000 rows: none is missing, none comes twice, scores never rise.
func TestPagesMeet(t *testing.T) {
	s := newStill(t, storybook.Many)
	c := s.as("analyst")
	want, err := s.world.Queue(t.Context(), dashboards.Filter{Status: dashboards.Open, Owner: "analyst", Unassigned: true}, dashboards.Cursor{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	rowID := regexp.MustCompile(`data-id="([^"]+)"`)
	next := regexp.MustCompile(`hx-get="(/queue/rows[^"]+)"`)
	var got []string
	for path := "/queue/rows"; len(got) < 1000; {
		page := c.get(path).Body.String()
		for _, m := range rowID.FindAllStringSubmatch(page, -1) {
			got = append(got, m[1])
		}
		m := next.FindStringSubmatch(page)
		if m == nil {
			t.Fatal("no next page after", len(got))
		}
		path = strings.ReplaceAll(m[1], "&amp;", "&")
	}
	for i := range want {
		if got[i] != want[i].ID {
			t.Fatalf("row %d is %s, want %s", i, got[i], want[i].ID)
		}
	}
}

func TestFilterOf(t *testing.T) {
	f := func(query string, want dashboards.Filter) {
		t.Helper()
		q, _ := url.ParseQuery(query)
		got, err := dashboards.FilterOf(q, "me")
		if err != nil || got != want {
			t.Errorf("%q gives %+v, %v; want %+v", query, got, err, want)
		}
	}
	f("", dashboards.Filter{Status: dashboards.Open, Owner: "me", Unassigned: true})
	f("owner=me", dashboards.Filter{Status: dashboards.Open, Owner: "me"})
	f("owner=nobody", dashboards.Filter{Status: dashboards.Open, Unassigned: true})
	f("owner=all&status=any", dashboards.Filter{})
	f("status=fraud", dashboards.Filter{Status: dashboards.Fraud})
	f("owner=all&min=0.9&country=de&q=+4711+", dashboards.Filter{Status: dashboards.Open, MinScore: 0.9, Country: "DE", Text: "4711"})

	bad := func(query string) {
		t.Helper()
		q, _ := url.ParseQuery(query)
		if got, err := dashboards.FilterOf(q, "me"); err == nil {
			t.Errorf("%q is taken as %+v", query, got)
		}
	}
	bad("status=closed")
	bad("owner=everybody")
	bad("min=NaN")
	bad("min=2")
	bad("min=x")
	bad("q=" + strings.Repeat("x", 101))
}

func TestBadAddressesAre400(t *testing.T) {
	c := newStill(t, storybook.Many).as("analyst")
	for _, path := range []string{"/queue?after=x", "/queue?after=!.y", "/queue?min=-1", "/queue?status=x", "/live?since=yesterday", "/api/v1/alerts?limit=0", "/api/v1/alerts?limit=501", "/api/v1/alerts?after=."} {
		if r := c.get(path); r.Code != http.StatusBadRequest {
			t.Errorf("%s answers %d", path, r.Code)
		}
	}
}

func TestCursor(t *testing.T) {
	f := func(c dashboards.Cursor) {
		t.Helper()
		got, err := dashboards.ParseCursor(c.String())
		if err != nil || got != c {
			t.Errorf("%+v comes back as %+v, %v", c, got, err)
		}
	}
	f(dashboards.Cursor{})
	f(dashboards.Cursor{Score: 0, ID: "x"})
	f(dashboards.Cursor{Score: math.Nextafter(0.7, 1), ID: "0195.b2"})
	f(dashboards.Cursor{Score: 1, ID: "x"})
}

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add(dashboards.Cursor{Score: 0.93, ID: "a-b"}.String())
	f.Add("zzzzzzzzzzzzz.x")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := dashboards.ParseCursor(text)
		if err != nil {
			return
		}
		again, err := dashboards.ParseCursor(c.String())
		if err != nil || again != c {
			t.Errorf("%q gives %+v, which gives %+v, %v", text, c, again, err)
		}
	})
}
