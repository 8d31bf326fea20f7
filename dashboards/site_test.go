package dashboards_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
	"skimwatch/engine/atm"
)

// still is a dashboard over an invented world whose clock only the test moves.
type still struct {
	t     *testing.T
	world *storybook.World
	dash  *dashboards.Server
	clock atomic.Int64
}

func newStill(t *testing.T, state storybook.State) *still {
	t.Helper()
	s := &still{t: t}
	s.clock.Store(int64(storybook.Now))
	now := func() atm.Time { return atm.Time(s.clock.Load()) }
	s.world = storybook.NewWorld(state, now)
	var err error
	if s.dash, err = dashboards.New(s.world.Ports(), dashboards.Options{Now: now, Version: "v0.1.0"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *still) wait(d time.Duration) { s.clock.Add(d.Microseconds()) }

// client is a caller with a cookie jar of its own.
type client struct {
	*still
	cookies map[string]string
	header  http.Header
}

func (s *still) anybody() *client {
	return &client{still: s, cookies: map[string]string{}, header: http.Header{}}
}

// as signs a user in.
func (s *still) as(user string) *client {
	s.t.Helper()
	c := s.anybody()
	if r := c.get("/sign-in?token=" + s.dash.SignInToken(user, time.Minute)); r.Code != http.StatusSeeOther {
		s.t.Fatalf("sign in as %s: status %d", user, r.Code)
	}
	return c
}

// withToken is a program.
func (s *still) withToken(user string) *client {
	c := s.anybody()
	c.header.Set("Authorization", "Bearer token-of-"+user)
	return c
}

func (c *client) do(method, path, kind string, body io.Reader) *httptest.ResponseRecorder {
	c.t.Helper()
	r := httptest.NewRequest(method, path, body)
	for k, v := range c.header {
		r.Header[k] = v
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, v := range c.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	w := httptest.NewRecorder()
	c.dash.Handler().ServeHTTP(w, r)
	for _, k := range w.Result().Cookies() {
		if k.MaxAge < 0 {
			delete(c.cookies, k.Name)
		} else {
			c.cookies[k.Name] = k.Value
		}
	}
	return w
}

func (c *client) get(path string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.do(http.MethodGet, path, "", nil)
}

func (c *client) post(path string, form url.Values) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (c *client) postJSON(path, body string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.do(http.MethodPost, path, "application/json", strings.NewReader(body))
}

// firstOpen returns the id of the highest open episode.
func (s *still) firstOpen() string {
	s.t.Helper()
	list, err := s.world.Queue(s.t.Context(), dashboards.Filter{Status: dashboards.Open}, dashboards.Cursor{}, 1)
	if err != nil || len(list) == 0 {
		s.t.Fatal("no open episode:", err)
	}
	return list[0].ID
}
