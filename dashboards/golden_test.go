package dashboards_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"skimwatch/dashboards/storybook"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// unstable is what may differ from run to run, and outlines too long to read.
var unstable = []struct{ find, put string }{
	{`\?v=[0-9a-f]{12}`, `?v=…`},
	{`name="id" value="[A-Za-z0-9_-]{43}"`, `name="id" value="…"`},
	{`(<path class="land" d=")[^"]{200,}`, `${1}…`},
	{`(<dt>(?:Go|platform|goroutines)</dt><dd>)[^<]*`, `${1}…`},
	{`(<td class="r num">)[^<]*ms</td>`, `${1}… ms</td>`},
}

// TestGoldenPages renders every page in every state and compares it with testdata. Rewrite with -update and look at the
// difference.
func TestGoldenPages(t *testing.T) {
	for _, state := range []storybook.State{storybook.Empty, storybook.One, storybook.Many} {
		s := newStill(t, state)
		pages := map[string]string{"overview": "/", "queue": "/queue", "models": "/models", "system": "/system"}
		if state != storybook.Empty {
			pages["alert"] = "/alerts/" + s.firstOpen()
		}
		analyst := s.as("analyst")
		for name, path := range pages {
			golden(t, string(state)+"-"+name, analyst.get(path).Body.Bytes())
		}
		if state == storybook.Many {
			golden(t, "filtered-queue", analyst.get("/queue?status=fraud&reason=card_withdrawals_10m").Body.Bytes())
			golden(t, "nothing-matches", analyst.get("/queue?q=nowhere").Body.Bytes())
			golden(t, "viewer-alert", s.as("viewer").get("/alerts/"+s.firstOpen()).Body.Bytes())
			golden(t, "login", s.anybody().get("/login?next=/models").Body.Bytes())
			r := analyst.get("/alerts/unknown")
			if r.Code != http.StatusNotFound {
				t.Errorf("an unknown alert answers %d", r.Code)
			}
			golden(t, "missing", r.Body.Bytes())
		}
	}
}

func golden(t *testing.T, name string, page []byte) {
	t.Helper()
	for _, u := range unstable {
		page = regexp.MustCompile(u.find).ReplaceAll(page, []byte(u.put))
	}
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(page) {
		got := filepath.Join(t.TempDir(), name+".html")
		at := 0
		for at < len(want) && at < len(page) && want[at] == page[at] {
			at++
		}
		t.Errorf("%s differs from %s at byte %d: %.120q, want %.120q", got, file, at, page[at:], want[min(at, len(want)):])
	}
}
