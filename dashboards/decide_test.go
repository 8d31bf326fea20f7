package dashboards_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

func TestDecideAndUndo(t *testing.T) {
	s := newStill(t, storybook.Many)
	c := s.as("analyst")
	id := s.firstOpen()
	form := url.Values{"verdict": {"fraud"}, "reason": {"counterfeit_card"}, "note": {"called the customer"}, "id": {"d1"}}
	status := func() dashboards.Status {
		t.Helper()
		e, err := s.world.Episode(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return e.Status
	}
	if r := c.post("/alerts/"+id+"/decide", form); r.Code != http.StatusSeeOther || status() != dashboards.Fraud {
		t.Fatalf("deciding answers %d, the episode is %s", r.Code, status())
	}
	e, _ := s.world.Episode(t.Context(), id)
	if d := e.Disposition; d.By != "analyst" || d.Note != "called the customer" || d.KnownAt != storybook.Newest || d.At != storybook.Now {
		t.Errorf("stored %+v", d)
	}
	if r := c.post("/alerts/"+id+"/decide", form); r.Code != http.StatusSeeOther {
		t.Errorf("the same decision again answers %d", r.Code)
	}
	form.Set("id", "d2")
	if r := s.as("admin").post("/alerts/"+id+"/decide", form); r.Code != http.StatusConflict {
		t.Errorf("another decision answers %d", r.Code)
	}
	if page := c.get("/alerts/" + id).Body.String(); !strings.Contains(page, "called the customer") || !strings.Contains(page, "/undo") || strings.Contains(page, "data-verdict") {
		t.Error("the page does not show the decision with its undo, or still asks for one")
	}
	if r := c.post("/alerts/"+id+"/undo", url.Values{"id": {"d2"}}); r.Code != http.StatusConflict {
		t.Errorf("undoing a decision that is not in force answers %d", r.Code)
	}
	if r := c.post("/alerts/"+id+"/undo", url.Values{"id": {"d1"}}); r.Code != http.StatusSeeOther || status() != dashboards.Open {
		t.Errorf("undoing answers %d, the episode is %s", r.Code, status())
	}
	form.Set("id", "d3")
	c.post("/alerts/"+id+"/decide", form)
	s.wait(11 * time.Second)
	if r := c.post("/alerts/"+id+"/undo", url.Values{"id": {"d3"}}); r.Code != http.StatusConflict {
		t.Errorf("undoing after eleven seconds answers %d", r.Code)
	}
	if page := c.get("/alerts/" + id).Body.String(); strings.Contains(page, "/undo") {
		t.Error("the page still offers the undo")
	}
}

func TestDecideRefusesNonsense(t *testing.T) {
	s := newStill(t, storybook.One)
	c := s.as("analyst")
	id := s.firstOpen()
	f := func(verdict, reason, note, key string) {
		t.Helper()
		r := c.post("/alerts/"+id+"/decide", url.Values{"verdict": {verdict}, "reason": {reason}, "note": {note}, "id": {key}})
		if r.Code != http.StatusBadRequest {
			t.Errorf("%s/%s/%.10q/%.10q answers %d", verdict, reason, note, key, r.Code)
		}
	}
	f("open", "counterfeit_card", "", "k")
	f("", "", "", "k")
	f("fraud", "travelling", "", "k")
	f("fraud", "", "", "k")
	f("fraud", "counterfeit_card", strings.Repeat("x", 2001), "k")
	f("fraud", "counterfeit_card", "\xff", "k")
	f("fraud", "counterfeit_card", "", "")
	f("fraud", "counterfeit_card", "", strings.Repeat("k", 65))
	if r := c.post("/alerts/unknown/decide", url.Values{"verdict": {"fraud"}, "reason": {"counterfeit_card"}, "id": {"k"}}); r.Code != http.StatusNotFound {
		t.Errorf("an unknown episode answers %d", r.Code)
	}
	if e, _ := s.world.Episode(t.Context(), id); e.Status != dashboards.Open {
		t.Error("nonsense decided the episode")
	}
}

func TestFragmentsTellTheScript(t *testing.T) {
	s := newStill(t, storybook.One)
	c := s.as("analyst")
	c.header.Set("HX-Request", "true")
	r := c.post("/alerts/"+s.firstOpen()+"/decide", url.Values{"verdict": {"inconclusive"}, "reason": {"evidence_too_thin"}, "id": {"d1"}})
	if r.Code != http.StatusNoContent || !strings.Contains(r.Header().Get("HX-Trigger"), `"did":"decided"`) || !strings.Contains(r.Header().Get("HX-Trigger"), `"disposition":"d1"`) {
		t.Errorf("status %d, trigger %s", r.Code, r.Header().Get("HX-Trigger"))
	}
	c.cookies = nil
	if r := c.get("/queue/rows"); r.Code != http.StatusUnauthorized || !strings.HasPrefix(r.Header().Get("HX-Redirect"), "/login") {
		t.Errorf("without a session a fragment answers %d and leads to %q", r.Code, r.Header().Get("HX-Redirect"))
	}
}

func TestAssignAndNext(t *testing.T) {
	s := newStill(t, storybook.Many)
	a, b := s.as("analyst"), s.as("admin")
	id := s.firstOpen()
	owner := func() string { e, _ := s.world.Episode(t.Context(), id); return e.Owner }
	free := owner() == ""
	if r := a.post("/alerts/"+id+"/assign", nil); free && (r.Code != http.StatusSeeOther || owner() != "analyst") {
		t.Errorf("taking answers %d, the owner is %q", r.Code, owner())
	}
	if r := b.post("/alerts/"+id+"/assign", nil); r.Code != http.StatusConflict {
		t.Errorf("taking a colleague's answers %d", r.Code)
	}
	seen := map[string]bool{}
	for range 5 {
		for _, c := range []*client{a, b} {
			to := c.post("/queue/next", nil).Header().Get("Location")
			if seen[to] || !strings.HasPrefix(to, "/queue?sel=") {
				t.Errorf("next leads to %q a second time", to)
			}
			seen[to] = true
		}
	}
	for _, e := range s.world.Entries() {
		if e.Action == "assign" && e.By == "" {
			t.Error("an assignment without a name in the audit")
		}
	}
}

func TestLookingIsRecorded(t *testing.T) {
	s := newStill(t, storybook.One)
	id := s.firstOpen()
	s.as("viewer").get("/alerts/" + id)
	s.withToken("admin").get("/api/v1/alerts/" + id)
	var views []string
	for _, e := range s.world.Entries() {
		if e.Action == "view" && e.Episode == id {
			views = append(views, e.By)
		}
	}
	if strings.Join(views, " ") != "viewer admin" {
		t.Errorf("recorded views are by %v", views)
	}
}
