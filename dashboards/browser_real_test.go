//go:build real

package dashboards_test

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
	"skimwatch/engine/atm"
)

var shots = flag.String("shots", "", "folder to write screenshots of every page to")

// chromium returns the browser's path; without one the test fails, since it was asked for by its build tag.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium on PATH; install Debian's package chromium")
	return ""
}

// browser starts a Chromium for one test, with a fresh profile.
func browser(t *testing.T) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		t.Fatal("start Chromium:", err)
	}
	return ctx
}

// site serves an invented world whose clock runs from storybook.Now.
type site struct {
	*httptest.Server
	world *storybook.World
	dash  *dashboards.Server
}

func open(t *testing.T, state storybook.State) site {
	t.Helper()
	start := time.Now()
	now := func() atm.Time { return storybook.Now + atm.Time(time.Since(start).Microseconds()) }
	world := storybook.NewWorld(state, now)
	d, err := dashboards.New(world.Ports(), dashboards.Options{Now: now, Version: "v0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); d.Run(ctx) }()
	server := httptest.NewServer(d.Handler())
	t.Cleanup(func() { cancel(); <-done; server.CloseClientConnections(); server.Close() })
	return site{server, world, d}
}

func (s site) signIn(user string) chromedp.Action[chromedp.Void] {
	return chromedp.Navigate(s.URL + "/sign-in?token=" + s.dash.SignInToken(user, time.Minute))
}

// until waits for a condition in the page, over navigations, a minute at most.
func until(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	limit, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		// The page, and with it what is asked, may go away while it is asked.
		met, err := chromedp.Run(limit, chromedp.Evaluate[bool]("!!("+js+")"))
		if err == nil && met {
			return
		}
		if limit.Err() != nil {
			where, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + ' ' + document.body.innerText.slice(0, 400)"))
			t.Fatalf("waited for %s: %v; the page is %s", js, err, where)
		}
		if err := chromedp.Do(limit, chromedp.Sleep(20*time.Millisecond)); err != nil {
			continue
		}
	}
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("evaluate %s: %v", js, err)
	}
	return v
}

// TestEveryPageInEveryState opens all pages, empty, with one alert and with 100,000, in light and dark, wide and narrow:
// nothing may be reported to the console (a broken policy would be), and no page may scroll sideways.
func TestEveryPageInEveryState(t *testing.T) {
	ctx := browser(t)
	complaints := console(ctx)
	for _, state := range []storybook.State{storybook.Empty, storybook.One, storybook.Many} {
		s := open(t, state)
		do(t, ctx, chromedp.Navigate(s.URL+"/login"))
		shoot(t, ctx, string(state)+"-login")
		do(t, ctx, s.signIn("analyst"))
		pages := map[string]string{"overview": "/", "queue": "/queue", "models": "/models", "system": "/system", "decided": "/queue?status=any&owner=all", "missing": "/nothing-here"}
		if state != storybook.Empty {
			pages["alert"] = eval[string](t, ctx, `fetch("/api/v1/alerts?limit=1").then(r => r.json()).then(a => "/alerts/" + a.alerts[0].id)`)
		}
		for name, path := range pages {
			do(t, ctx, chromedp.Navigate(s.URL+path))
			if name == "missing" {
				continue
			}
			until(t, ctx, `document.querySelector(".live").dataset.live !== "off"`)
			shoot(t, ctx, string(state)+"-"+name)
			if !strings.HasSuffix(eval[string](t, ctx, "location.pathname + location.search.replace(/[?&]sel=.*/, '')"), path) {
				t.Errorf("%s: %s led elsewhere", state, path)
			}
		}
	}
	for _, c := range complaints() {
		if !strings.Contains(c, "404") { // the page that is missing on purpose
			t.Error("console:", c)
		}
	}
}

// console collects what the pages report, until ctx ends.
func console(ctx context.Context) (reported func() []string) {
	var mu sync.Mutex
	var all []string
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			mu.Lock()
			all = append(all, m.String())
			mu.Unlock()
		}
	}()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// shoot looks at the page wide and narrow, light and dark, and keeps pictures if asked to.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 420} {
			height := int64(900)
			if width == 420 {
				height = 860
			}
			do(t, ctx, chromedp.EmulateViewport(width, height))
			eval[bool](t, ctx, `document.documentElement.dataset.theme = "`+theme+`"; document.dispatchEvent(new Event("theme")); true`)
			if over := eval[int](t, ctx, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s, %s: %d px wide page scrolls %d px sideways", name, theme, width, over)
			}
			shot(t, ctx, name+"-"+theme+"-"+map[int64]string{1440: "wide", 420: "narrow"}[width])
		}
	}
	do(t, ctx, chromedp.EmulateViewport(1440, 900))
}

// shot keeps a picture of what is on the screen, if asked to.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	do(t, ctx, chromedp.Sleep(350*time.Millisecond)) // charts are drawn on the next frame
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// spy passes requests on and tells the cookies of the first one for a path.
func spy(h http.Handler, path string, sent chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			select {
			case sent <- r.Header.Get("Cookie"):
			default:
			}
		}
		h.ServeHTTP(w, r)
	})
}
