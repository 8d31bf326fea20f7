//go:build real

package dashboards_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

// TestDecideByKeyboard does what an analyst does: two down, f, a reason by its number, Enter; the row leaves, the next one
// is there; z brings it back.
func TestDecideByKeyboard(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.Many)
	do(t, ctx, s.signIn("analyst"), chromedp.Navigate(s.URL+"/queue"))
	const shown = `document.querySelector("#detail .detail").dataset.episode`
	const selected = `document.querySelector("#rows tr.selected").dataset.id`
	first := eval[string](t, ctx, selected)
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	until(t, ctx, shown+` === `+selected+` && `+selected+` !== "`+first+`"`)
	id := eval[string](t, ctx, selected)
	if third := eval[string](t, ctx, `document.querySelectorAll("#rows tr")[2].dataset.id`); id != third {
		t.Errorf("j j selects %s, want the third row, %s", id, third)
	}
	do(t, ctx, chromedp.KeyEvent("k"))
	until(t, ctx, shown+` !== "`+id+`"`)
	do(t, ctx, chromedp.KeyEvent("j"))
	until(t, ctx, shown+` === "`+id+`"`)
	total := eval[string](t, ctx, `document.querySelector("[data-total]").textContent`)

	do(t, ctx, chromedp.KeyEvent("f"))
	until(t, ctx, `!document.querySelector("[data-reasons=fraud]").hidden`)
	if e, err := s.world.Episode(t.Context(), id); err != nil || e.Status != dashboards.Open {
		t.Fatal("f alone decided:", e.Status, err)
	}
	shot(t, ctx, "deciding")
	do(t, ctx, chromedp.KeyEvent("2"), chromedp.KeyEvent("\r"))
	until(t, ctx, `!document.getElementById("row-`+id+`")`)
	until(t, ctx, shown+` === `+selected+` && `+selected+` !== "`+id+`"`)
	e, err := s.world.Episode(t.Context(), id)
	if err != nil || e.Status != dashboards.Fraud || e.Disposition.Reason != "lost_or_stolen" || e.Disposition.By != "analyst" {
		t.Fatalf("stored %+v, %v", e.Disposition, err)
	}
	if after := eval[string](t, ctx, `document.querySelector("[data-total]").textContent`); after == total {
		t.Errorf("the count stays %s", after)
	}
	shot(t, ctx, "decided")
	do(t, ctx, chromedp.KeyEvent("z"))
	until(t, ctx, `document.getElementById("row-`+id+`") && new URL(location).searchParams.get("sel") === "`+id+`"`)
	if e, err := s.world.Episode(t.Context(), id); err != nil || e.Status != dashboards.Open {
		t.Errorf("z leaves it %s, %v", e.Status, err)
	}
}

// TestNewRowsWait raises an alert above all others: a pill says so, no row moves until it is pressed.
func TestNewRowsWait(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.Many)
	do(t, ctx, s.signIn("analyst"), chromedp.Navigate(s.URL+"/queue"))
	until(t, ctx, `document.querySelector(".live").dataset.live === "on"`)
	before := eval[string](t, ctx, `document.querySelector("#rows").innerText`)
	s.world.Raise("b0000001-5eed-5000-8000-000000000001", 0.99999)
	until(t, ctx, `document.querySelector("[data-pill]").textContent === "1 new"`)
	if eval[string](t, ctx, `document.querySelector("#rows").innerText`) != before {
		t.Error("rows moved by themselves")
	}
	shot(t, ctx, "one-new")
	do(t, ctx, chromedp.KeyEvent("r"))
	until(t, ctx, `document.querySelector("#rows tr")?.dataset.id === "b0000001-5eed-5000-8000-000000000001"`)
}

// TestColleagueDecides decides an alert elsewhere: its row says so where it is.
func TestColleagueDecides(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.Many)
	do(t, ctx, s.signIn("analyst"), chromedp.Navigate(s.URL+"/queue"))
	until(t, ctx, `document.querySelector(".live").dataset.live === "on"`)
	id := eval[string](t, ctx, `document.querySelectorAll("#rows tr")[3].dataset.id`)
	if err := s.world.Decide(t.Context(), dashboards.Disposition{ID: "d", Episode: id, Verdict: dashboards.NotFraud, Reason: "travelling", By: "colleague", At: storybook.Now}); err != nil {
		t.Fatal(err)
	}
	if err := s.world.Announce(t.Context(), dashboards.Signal{Kind: dashboards.Changed, ID: id}); err != nil {
		t.Fatal(err)
	}
	until(t, ctx, `document.querySelectorAll("#rows tr")[3].innerText.includes("Not fraud")`)
	if got := eval[string](t, ctx, `document.querySelectorAll("#rows tr")[3].dataset.id`); got != id {
		t.Error("the row moved")
	}
}

// TestOtherKeys tries the rest of the keyboard, and that typing is never taken for it.
func TestOtherKeys(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.Many)
	do(t, ctx, s.signIn("analyst"), chromedp.Navigate(s.URL+"/queue"))
	do(t, ctx, chromedp.KeyEvent("?"))
	until(t, ctx, `document.querySelector("#help").open`)
	shot(t, ctx, "help")
	do(t, ctx, chromedp.KeyEvent("\x1b"))
	until(t, ctx, `!document.querySelector("#help").open`)
	do(t, ctx, chromedp.KeyEvent("/"))
	until(t, ctx, `document.activeElement.id === "q"`)
	do(t, ctx, chromedp.KeyEvent("jf?"))
	if got := eval[string](t, ctx, `document.querySelector("#q").value + document.querySelector("#help").open`); got != "jf?false" {
		t.Errorf("typing into the filter gives %s", got)
	}
	do(t, ctx, chromedp.KeyEvent("\x1b"), chromedp.KeyEvent("i"))
	until(t, ctx, `!document.querySelector("[data-reasons=inconclusive]").hidden`)
	do(t, ctx, chromedp.KeyEvent("\x1b"))
	until(t, ctx, `document.querySelector("[data-reasons=inconclusive]").hidden`)
	do(t, ctx, chromedp.KeyEvent("a"))
	until(t, ctx, `document.querySelector("#rows tr.selected .owner")?.textContent === "an"`)
	do(t, ctx, chromedp.KeyEvent("\r"))
	until(t, ctx, `location.pathname.startsWith("/alerts/") && document.readyState === "complete"`)
	do(t, ctx, chromedp.KeyEvent("n"))
	until(t, ctx, `!document.querySelector("[data-reasons=not_fraud]").hidden`)
	do(t, ctx, chromedp.KeyEvent("1"), chromedp.KeyEvent("\r"))
	until(t, ctx, `document.querySelector(".decided")?.innerText.includes("Not fraud")`)
	do(t, ctx, chromedp.KeyEvent("\x1b"), chromedp.KeyEvent("gm"))
	until(t, ctx, `location.pathname === "/models"`)
}

// TestScrollingLoadsRows reads on until 200 rows are there.
func TestScrollingLoadsRows(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.Many)
	do(t, ctx, s.signIn("viewer"), chromedp.Navigate(s.URL+"/queue?owner=all"))
	for range 4 {
		n := eval[int](t, ctx, `document.querySelectorAll("#rows tr[data-id]").length`)
		eval[bool](t, ctx, `document.querySelector(".scroll").scrollTop = 1e6; true`)
		until(t, ctx, `document.querySelectorAll("#rows tr[data-id]").length > `+itoa(n))
	}
	if eval[bool](t, ctx, `document.querySelector(".decision") !== null`) {
		t.Error("a viewer is offered to decide")
	}
}

// TestHostCookieOverPlainHTTP holds what the comment at secureCookie claims: Chromium keeps a __Host- cookie on loopback.
func TestHostCookieOverPlainHTTP(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.One)
	sent := make(chan string, 1)
	s.Server = httptest.NewServer(spy(s.Config.Handler, "/models", sent))
	defer s.CloseClientConnections()
	do(t, ctx, s.signIn("viewer"), chromedp.Navigate(s.URL+"/models"))
	if got := <-sent; !strings.Contains(got, "__Host-skimwatch=") {
		t.Errorf("Chromium sends %s", got)
	}
}

// TestStreamEndsWithThePage opens more pages than a browser opens connections to a host, which is six.
func TestStreamEndsWithThePage(t *testing.T) {
	ctx := browser(t)
	s := open(t, storybook.One)
	do(t, ctx, s.signIn("viewer"))
	for range 8 {
		do(t, ctx, chromedp.Navigate(s.URL+"/"))
		until(t, ctx, `document.querySelector(".live").dataset.live !== "off"`)
	}
}
