//go:build real

package dashboards_test

import (
	"flag"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var signInLink = flag.String("sign-in", "", "one-time sign-in link of a running dashboard, such as the demo's, to take pictures of")

// TestPicturesOfARunningDashboard takes the pictures for the documentation:
//
//	go test -tags real -run PicturesOf ./dashboards -args -sign-in "$LINK" -shots docs/pictures
func TestPicturesOfARunningDashboard(t *testing.T) {
	if *signInLink == "" || *shots == "" {
		t.Skip("give -sign-in and -shots to take pictures")
	}
	u, err := url.Parse(*signInLink)
	if err != nil {
		t.Fatal(err)
	}
	base := u.Scheme + "://" + u.Host
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(*signInLink))
	pages := map[string]string{"overview": "/", "queue": "/queue", "models": "/models", "system": "/system"}
	if id := eval[string](t, ctx, `fetch("/api/v1/alerts?limit=1").then(r => r.json()).then(a => a.alerts[0]?.id ?? "")`); id != "" {
		pages["alert"] = "/alerts/" + id
	}
	for name, path := range pages {
		do(t, ctx, chromedp.Navigate(base+path), chromedp.EmulateViewport(1440, 900))
		until(t, ctx, `document.querySelector(".live").dataset.live !== "off"`)
		do(t, ctx, chromedp.Sleep(2*time.Second))
		for _, theme := range []string{"light", "dark"} {
			eval[bool](t, ctx, `document.documentElement.dataset.theme = "`+theme+`"; document.dispatchEvent(new Event("theme")); true`)
			shot(t, ctx, name+"-"+theme)
		}
	}
}
