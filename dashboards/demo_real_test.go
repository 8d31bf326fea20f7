//go:build real

package dashboards_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// demo builds the program and runs its demo, a small world at a high speed, until the test ends.
func demo(t *testing.T) (signIn, base string) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "skimwatch")
	if out, err := exec.Command("go", "build", "-o", program, "skimwatch/services/skimwatch").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(program, "demo", "--json", "--data-dir", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--cards", "2000", "--days", "30", "--speed", "3000")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		var summary struct {
			Transactions int64 `json:"transactions"`
			Scored       int64 `json:"scored"`
			DeadLettered int64 `json:"dead_lettered"`
		}
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &summary) != nil || summary.Transactions == 0 || summary.Scored+summary.DeadLettered != summary.Transactions {
			t.Errorf("summary %s", lines.Bytes())
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	var ready struct {
		Dashboard string `json:"dashboard"`
		SignIn    string `json:"sign_in"`
	}
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &ready) != nil || ready.SignIn == "" {
		t.Fatalf("the demo says %q", lines.Bytes())
	}
	return ready.SignIn, ready.Dashboard
}

// TestDemoInABrowser does what a newcomer does: one command, the link, every page; then an alert is opened, decided with the
// keyboard, and leaves the queue. With -shots it takes the pictures of the documentation:
//
//	go test -tags real -run DemoInABrowser ./dashboards -args -shots "$PWD/docs/screenshots"
func TestDemoInABrowser(t *testing.T) {
	signIn, base := demo(t)
	ctx := browser(t)
	complaints := console(ctx)
	do(t, ctx, chromedp.Navigate(signIn))
	const alerts = `fetch("/api/v1/alerts").then(r => r.json()).then(a => a.alerts.length)`
	for began := time.Now(); eval[int](t, ctx, alerts) < 5; time.Sleep(500 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			t.Fatal("fewer than five alerts within two minutes")
		}
	}
	pages := map[string]string{"overview": "/", "queue": "/queue", "models": "/models", "system": "/system",
		"alert": eval[string](t, ctx, `fetch("/api/v1/alerts?limit=5").then(r => r.json()).then(a => "/alerts/" + a.alerts[a.alerts.length - 1].id)`)}
	for name, path := range pages {
		do(t, ctx, chromedp.Navigate(base+path))
		until(t, ctx, `document.querySelector(".live").dataset.live !== "off"`)
		if name == "overview" {
			until(t, ctx, `document.querySelectorAll("svg circle, svg [data-dot]").length > 0`) // alerts on the map
		}
		picture(t, ctx, name)
	}
	do(t, ctx, chromedp.Navigate(base+"/queue"))
	id := eval[string](t, ctx, `document.querySelector("#rows tr.selected").dataset.id`)
	do(t, ctx, chromedp.KeyEvent("f"))
	until(t, ctx, `!document.querySelector("[data-reasons=fraud]").hidden`)
	do(t, ctx, chromedp.KeyEvent("1"), chromedp.KeyEvent("\r"))
	until(t, ctx, `!document.getElementById("row-`+id+`")`)
	if status := eval[string](t, ctx, `fetch("/api/v1/alerts/`+id+`").then(r => r.json()).then(a => a.status)`); status != "fraud" {
		t.Errorf("the decided episode is %q", status)
	}
	for _, c := range complaints() {
		t.Error("console:", c)
	}
}

// picture keeps the page in light and dark, once its charts have drawn, if pictures were asked for.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	do(t, ctx, chromedp.Sleep(2*time.Second))
	for _, theme := range []string{"light", "dark"} {
		eval[bool](t, ctx, `document.documentElement.dataset.theme = "`+theme+`"; document.dispatchEvent(new Event("theme")); true`)
		shot(t, ctx, name+"-"+theme)
	}
}
