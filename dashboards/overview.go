package dashboards

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// tile is a figure of the overview; pressing it shows its course in the chart.
type tile struct {
	Key   string // of its series; empty: no course
	Label string
	Value string
	Note  string
	Class string // colours the note
}

type bar struct {
	Label string
	Note  string
	Link  string
	Count string
	Width int // 0–100
}

type overviewPage struct {
	shell
	Tiles    []tile
	Map      alertMap
	Reasons  []bar
	ATMs     []bar
	Champion modelRow
	HasModel bool
}

func (s *Server) overview(c *gin.Context) error {
	ctx := c.Request.Context()
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return err
	}
	since := max(s.opts.LiveSince, x.Live.Newest-7*atm.Day)
	terminals, err := s.ports.Patterns.TopATMs(ctx, since, 400)
	if err != nil {
		return err
	}
	reasons, err := s.ports.Patterns.TopReasons(ctx, since, 8)
	if err != nil {
		return err
	}
	models, err := s.ports.Models.Models(ctx)
	if err != nil {
		return err
	}
	p := overviewPage{
		shell: s.shell(c, "Overview", "overview"), Tiles: tiles(x), Map: s.alertMap(terminals),
		Reasons: s.reasonBars(reasons), ATMs: atmBars(terminals, 8),
	}
	for _, m := range models {
		if m.Champion {
			p.Champion, p.HasModel = modelRowOf(m), true
		}
	}
	s.render(c, http.StatusOK, "overview", p)
	return nil
}

// tiles formats a sample. The keys are those of overviewSeries.
func tiles(x sample) []tile {
	tx, alerts := x.rates(10)
	precision, judged := x.Truth.Precision()
	recall, known := x.Truth.Recall()
	return []tile{
		{Key: "transactions", Label: "Transactions", Value: number(round1(tx)) + " /s", Note: count(x.Live.Transactions) + " scored"},
		{Key: "alerts", Label: "Alerts", Value: count(x.Live.Alerts), Note: number(round1(60*alerts)) + " a minute"},
		{Key: "open", Label: "Open episodes", Value: count(x.Counts.Open), Note: count(x.Counts.Fraud+x.Counts.NotFraud+x.Counts.Inconclusive) + " decided"},
		{Key: "precision", Label: "Precision, live", Value: percent(precision, judged), Note: shareOf(x.Truth.AlertsFraud, x.Truth.Alerts, "alerts")},
		{Key: "recall", Label: "Recall, live", Value: percent(recall, known), Note: shareOf(x.Truth.FraudsAlerted, x.Truth.Frauds, "frauds")},
		{Key: "p50", Label: "Produce to alert, p50", Value: millis(x.Live.Latency.P50), Note: count(x.Live.Latency.Count) + " in the last minute"},
		{Key: "p99", Label: "Produce to alert, p99", Value: millis(x.Live.Latency.P99), Note: "worst " + millis(x.Live.Latency.Max)},
		silence(x),
	}
}

// silence says how old the newest event is, in processing time.
func silence(x sample) tile {
	t := tile{Label: "Last event", Value: absent, Note: "no event yet", Class: "stale"}
	if x.Live.NewestAt == 0 {
		return t
	}
	age := max(0, x.At-x.Live.NewestAt)
	t.Value, t.Note, t.Class = span(age)+" ago", "event time "+x.Live.Newest.Std().Format("15:04:05"), ""
	if age > 10*atm.Second {
		t.Class = "stale"
	}
	return t
}

func shareOf(part, whole int64, what string) string {
	if whole == 0 {
		return "nothing to compare yet"
	}
	return fmt.Sprintf("%s of %s %s", count(part), count(whole), what)
}

func round1(x float64) float64 { return float64(int64(x*10+0.5)) / 10 }

func (s *Server) reasonBars(reasons []ReasonAlerts) []bar {
	out := make([]bar, 0, len(reasons))
	for _, r := range reasons {
		out = append(out, bar{Label: s.reasonLabel(r.Code), Link: Filter{Status: Open, Reason: r.Code}.url("/queue"), Count: count(r.Alerts), Width: width(r.Alerts, reasons[0].Alerts)})
	}
	return out
}

func atmBars(terminals []ATMAlerts, n int) []bar {
	terminals = terminals[:min(n, len(terminals))]
	out := make([]bar, 0, len(terminals))
	for _, t := range terminals {
		out = append(out, bar{Label: t.ATM, Note: place(t.City, t.Country), Link: Filter{Status: Open, ATM: t.ATM}.url("/queue"), Count: count(t.Alerts), Width: width(t.Alerts, terminals[0].Alerts)})
	}
	return out
}

func width(n, most int64) int { return int(100 * n / max(most, 1)) }
