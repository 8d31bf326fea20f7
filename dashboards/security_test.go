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

func TestSecurityHeadersOnEveryAnswer(t *testing.T) {
	s := newStill(t, storybook.One)
	c := s.as("analyst")
	for _, path := range []string{"/", "/login", "/queue", "/assets/app.js", "/nothing", "/healthz", "/api/v1/alerts", "/api/v1/nothing"} {
		h := c.get(path).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS over plain HTTP", path)
		}
		if !strings.HasPrefix(path, "/assets/") && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, h.Get("Cache-Control"))
		}
	}
}

// TestNothingInline holds what the policy would block: no inline script, style or handler on any page.
func TestNothingInline(t *testing.T) {
	s := newStill(t, storybook.Many)
	c := s.as("admin")
	for _, path := range []string{"/", "/login", "/queue", "/models", "/system", "/alerts/" + s.firstOpen()} {
		page := c.get(path).Body.String()
		for _, bad := range []string{"style=", "<style", "<script>", " onclick", " onload", "javascript:", "http://", "hx-on"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s contains %q", path, bad)
			}
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	s := newStill(t, storybook.Many)
	c := s.as("admin")
	for _, path := range []string{"/", "/queue", "/queue?q=%3Cscript%3Ealert(1)%3C/script%3E", "/system"} {
		page := c.get(path).Body.String()
		if strings.Contains(page, "<b>O'Town") || strings.Contains(page, "<script>alert") {
			t.Errorf("%s shows text as HTML", path)
		}
	}
	if !strings.Contains(c.get("/system").Body.String(), "&lt;script&gt;alert(1)") {
		t.Error("the dead letter's text is not shown at all, so this test proves nothing")
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := newStill(t, storybook.One)
	id := s.firstOpen()
	f := func(header, value string, want int) {
		t.Helper()
		c := s.as("analyst")
		c.header.Set(header, value)
		if r := c.post("/alerts/"+id+"/assign", url.Values{}); r.Code != want {
			t.Errorf("%s: %s answers %d, want %d", header, value, r.Code, want)
		}
	}
	f("Sec-Fetch-Site", "cross-site", http.StatusForbidden)
	f("Sec-Fetch-Site", "same-site", http.StatusForbidden)
	f("Origin", "https://evil.example", http.StatusForbidden)
	f("Sec-Fetch-Site", "same-origin", http.StatusSeeOther)
}

func TestSignInLinkWorksOnce(t *testing.T) {
	s := newStill(t, storybook.One)
	link := "/sign-in?token=" + s.dash.SignInToken("analyst", time.Minute)
	first := s.anybody()
	if r := first.get(link); r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/" {
		t.Fatalf("first use answers %d", r.Code)
	}
	if r := first.get("/models"); r.Code != http.StatusOK {
		t.Errorf("signed in, the models page answers %d", r.Code)
	}
	if r := s.anybody().get(link); r.Code != http.StatusUnauthorized || len(r.Result().Cookies()) > 0 {
		t.Errorf("second use answers %d", r.Code)
	}
	late := "/sign-in?token=" + s.dash.SignInToken("analyst", time.Minute)
	s.wait(2 * time.Minute)
	if r := s.anybody().get(late); r.Code != http.StatusUnauthorized {
		t.Errorf("an expired link answers %d", r.Code)
	}
	if r := s.anybody().get("/sign-in?token=" + s.dash.SignInToken("nobody", time.Minute)); r.Code != http.StatusUnauthorized {
		t.Errorf("a link for an unknown user answers %d", r.Code)
	}
}

func TestSignInNeedsToken(t *testing.T) {
	s := newStill(t, storybook.One)
	if r := s.anybody().get("/sign-in?token="); r.Code != http.StatusUnauthorized {
		t.Errorf("no token answers %d", r.Code)
	}
}

func TestLogin(t *testing.T) {
	s := newStill(t, storybook.One)
	f := func(name, password, next string, status int, location string) {
		t.Helper()
		r := s.anybody().post("/login", url.Values{"name": {name}, "password": {password}, "next": {next}})
		if r.Code != status || r.Header().Get("Location") != location {
			t.Errorf("%s/%s answers %d to %q, want %d to %q", name, password, r.Code, r.Header().Get("Location"), status, location)
		}
	}
	f("analyst", "analyst", "/queue?min=0.9", http.StatusSeeOther, "/queue?min=0.9")
	f("analyst", "analyst", "https://evil.example/", http.StatusSeeOther, "/")
	f("analyst", "analyst", "//evil.example/", http.StatusSeeOther, "/")
	f("analyst", "wrong", "/", http.StatusUnauthorized, "")
	f("nobody", "nobody", "/", http.StatusUnauthorized, "")
	f("", "", "/", http.StatusUnauthorized, "")
}

func TestRefusedSignInsAreLimited(t *testing.T) {
	s := newStill(t, storybook.One)
	try := func(password string) int {
		return s.anybody().post("/login", url.Values{"name": {"analyst"}, "password": {password}}).Code
	}
	for i := range 5 {
		if got := try("wrong"); got != http.StatusUnauthorized {
			t.Fatalf("try %d answers %d", i, got)
		}
	}
	if got := try("analyst"); got != http.StatusTooManyRequests {
		t.Errorf("after five refusals the right password answers %d", got)
	}
	s.wait(61 * time.Second)
	if got := try("analyst"); got != http.StatusSeeOther {
		t.Errorf("a minute later the right password answers %d", got)
	}
}

func TestSessionEnds(t *testing.T) {
	s := newStill(t, storybook.One)
	idle := s.as("analyst")
	s.wait(29 * time.Minute)
	if r := idle.get("/models"); r.Code != http.StatusOK {
		t.Errorf("after 29 min of silence: %d", r.Code)
	}
	s.wait(31 * time.Minute)
	if r := idle.get("/models"); r.Code != http.StatusSeeOther {
		t.Errorf("after 31 min of silence: %d", r.Code)
	}
	busy := s.as("analyst")
	for range 12*2 + 1 {
		busy.get("/models")
		s.wait(29*time.Minute + 30*time.Second)
	}
	if r := busy.get("/models"); r.Code != http.StatusSeeOther {
		t.Errorf("after more than twelve busy hours: %d", r.Code)
	}
}

func TestSessionRotatesAndSignsOut(t *testing.T) {
	s := newStill(t, storybook.One)
	c := s.as("viewer")
	before := c.cookies["skimwatch"]
	c.post("/login", url.Values{"name": {"analyst"}, "password": {"analyst"}})
	if c.cookies["skimwatch"] == before || c.cookies["__Host-skimwatch"] == before {
		t.Error("the session's key stayed the same over a sign-in")
	}
	old := s.anybody()
	old.cookies["skimwatch"] = before
	if r := old.get("/models"); r.Code != http.StatusSeeOther {
		t.Errorf("the old key still answers %d", r.Code)
	}
	now := c.cookies["skimwatch"]
	c.post("/logout", nil)
	old.cookies["skimwatch"] = now
	if r := old.get("/models"); r.Code != http.StatusSeeOther {
		t.Errorf("after signing out the key answers %d", r.Code)
	}
}

func TestCookies(t *testing.T) {
	s := newStill(t, storybook.One)
	r := s.anybody().get("/sign-in?token=" + s.dash.SignInToken("viewer", time.Minute))
	for _, k := range r.Result().Cookies() {
		if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
			t.Errorf("cookie %s is %+v", k.Name, k)
		}
		if strings.HasPrefix(k.Name, "__Host-") != k.Secure {
			t.Errorf("cookie %s: secure is %v", k.Name, k.Secure)
		}
	}
	behind, err := dashboards.New(s.world.Ports(), dashboards.Options{HTTPS: true})
	if err != nil {
		t.Fatal(err)
	}
	s.dash = behind
	r = s.anybody().get("/sign-in?token=" + behind.SignInToken("viewer", time.Minute))
	if got := r.Result().Cookies(); len(got) != 1 || got[0].Name != "__Host-skimwatch" || r.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("behind TLS the cookies are %v", got)
	}
}

func TestPasswords(t *testing.T) {
	h := dashboards.HashPassword("päss")
	f := func(hash, password string, want bool) {
		t.Helper()
		if got := dashboards.CheckPassword(hash, password); got != want {
			t.Errorf("check %q against %q is %v", password, hash, got)
		}
	}
	f(h, "päss", true)
	f(h, "pass", false)
	f("", "", false)
	f("päss", "päss", false)
	f(strings.Replace(h, "argon2id", "argon2i", 1), "päss", false)
	f(strings.Replace(h, "m=19456", "m=999999999", 1), "päss", false)
	f(strings.Replace(h, "t=2", "t=0", 1), "päss", false)
	if h == dashboards.HashPassword("päss") {
		t.Error("two hashes of one password are equal: no salt")
	}
}

func TestLocalPath(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := dashboards.LocalPath(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	f("/queue?status=open", "/queue?status=open")
	f("", "/")
	f("queue", "/")
	f("//evil.example", "/")
	f(`/\evil.example`, "/")
	f("https://evil.example/", "/")
	f("javascript:alert(1)", "/")
}
