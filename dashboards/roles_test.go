package dashboards_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

// leasts repeats, on purpose, who may do what: a route added or opened by mistake fails here.
var leasts = map[string]dashboards.Role{
	"GET /healthz": "", "GET /assets/*name": "", "GET /login": "", "POST /login": "", "GET /sign-in": "", "POST /logout": "",
	"GET /": dashboards.Viewer, "GET /overview/series": dashboards.Viewer, "GET /queue": dashboards.Viewer, "GET /queue/rows": dashboards.Viewer,
	"GET /queue/rows/:id": dashboards.Viewer, "POST /queue/next": dashboards.Analyst, "GET /alerts/:id": dashboards.Viewer, "GET /alerts/:id/pane": dashboards.Viewer,
	"POST /alerts/:id/decide": dashboards.Analyst, "POST /alerts/:id/undo": dashboards.Analyst, "POST /alerts/:id/assign": dashboards.Analyst,
	"GET /models": dashboards.Viewer, "GET /system": dashboards.Viewer, "GET /live": dashboards.Viewer,
	"GET /api/v1/overview": dashboards.Viewer, "GET /api/v1/alerts": dashboards.Viewer, "GET /api/v1/alerts/:id": dashboards.Viewer,
	"POST /api/v1/alerts/:id/decide": dashboards.Analyst, "POST /api/v1/alerts/:id/undo": dashboards.Analyst,
	"GET /api/v1/models": dashboards.Viewer, "GET /api/v1/system": dashboards.Viewer,
}

func TestRoutesByRole(t *testing.T) {
	s := newStill(t, storybook.One)
	order := []dashboards.Role{"", dashboards.Viewer, dashboards.Analyst, dashboards.Admin}
	callers := []*client{s.anybody(), s.as("viewer"), s.as("analyst"), s.as("admin")}
	routes := s.dash.Routes()
	if len(routes) != len(leasts) {
		t.Errorf("%d routes, %d known to this test", len(routes), len(leasts))
	}
	for _, r := range routes {
		name := r.Method + " " + r.Path
		least, ok := leasts[name]
		if !ok || least != r.Least {
			t.Errorf("%s: least role %q, want %q", name, r.Least, least)
		}
		if r.Path == "/logout" || r.Path == "/live" {
			continue // ends the session; never ends
		}
		path := strings.NewReplacer(":id", "unknown", "*name", "app.css").Replace(r.Path)
		for i, c := range callers {
			allowed := i >= indexOf(order, least)
			got := c.do(r.Method, path, "", nil)
			refused := got.Code == http.StatusForbidden || got.Code == http.StatusUnauthorized && r.Path != "/login" && r.Path != "/sign-in" ||
				got.Code == http.StatusSeeOther && strings.HasPrefix(got.Header().Get("Location"), "/login")
			if refused == allowed {
				t.Errorf("%s as %q: status %d to %q, want it allowed: %v", name, order[i], got.Code, got.Header().Get("Location"), allowed)
			}
		}
	}
}

func indexOf(list []dashboards.Role, r dashboards.Role) int {
	for i, x := range list {
		if x == r {
			return i
		}
	}
	return len(list)
}

func TestLiveNeedsSession(t *testing.T) {
	s := newStill(t, storybook.One)
	if r := s.anybody().get("/live"); r.Code != http.StatusUnauthorized {
		t.Errorf("status %d without a session", r.Code)
	}
}

func TestDisabledUserIsOut(t *testing.T) {
	s := newStill(t, storybook.One)
	c := s.as("analyst")
	u, err := s.world.User(context.Background(), "analyst")
	if err != nil {
		t.Fatal(err)
	}
	u.Disabled = true
	if err := s.world.PutUser(context.Background(), u); err != nil {
		t.Fatal(err)
	}
	if r := c.get("/models"); r.Code != http.StatusSeeOther {
		t.Errorf("a disabled user's session answers %d", r.Code)
	}
	if r := s.withToken("analyst").get("/api/v1/models"); r.Code != http.StatusUnauthorized {
		t.Errorf("a disabled user's token answers %d", r.Code)
	}
}
