package dashboards

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// hitRow is one alert of an episode.
type hitRow struct {
	ID       string
	Time     string
	Score    string
	Severity Severity
	What     string
	Shown    bool
	Link     string
}

// activityRow is one line of what was done to an episode.
type activityRow struct {
	Time string
	By   string
	Text string
}

// detail is everything needed to decide one episode.
type detail struct {
	Episode   Episode
	Alert     atm.Alert // the hit that is shown
	Decides   bool
	Mine      bool // the user owns it
	Taken     bool // a colleague owns it
	Severity  Severity
	Verdict   string
	Headline  string
	Also      []string // further reasons, strongest first
	Card      string
	Place     string
	Amount    string
	Time      string
	Age       string
	Score     string
	Threshold string
	Movement  movement
	Evidence  []evidenceRow // speaks for fraud, or lies outside of the card's normal; strongest first
	Counter   []evidenceRow // speaks against
	Rest      []evidenceRow
	Normals   bool // the card has a normal to compare with
	Rules     []atm.Reason
	Events    []eventRow
	Hits      []hitRow
	Activity  []activityRow
	Decided   *decided
	Options   []verdictOption
	KeyID     string // of the next decision, so that sending a form twice decides once
}

// decided tells of a decision in force.
type decided struct {
	Verdict  string
	Class    string
	Reason   string
	Note     string
	By       string
	At       string
	ID       string
	Undoable bool
}

type verdictOption struct {
	Value   Status
	Text    string
	Key     string
	Reasons []reasonCode
}

type alertPage struct {
	shell
	Detail detail
}

func (s *Server) alert(c *gin.Context) error {
	d, err := s.loadDetail(c, c.Param("id"))
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, "alert", alertPage{shell: s.shell(c, "Alert "+d.Card, "queue"), Detail: d})
	return nil
}

func (s *Server) alertPane(c *gin.Context) error {
	d, err := s.loadDetail(c, c.Param("id"))
	if err != nil {
		return err
	}
	s.renderBlock(c, http.StatusOK, "queue", "detail", &d)
	return nil
}

// loadDetail gathers an episode's page. Looking at card data is recorded.
func (s *Server) loadDetail(c *gin.Context, id string) (detail, error) {
	ctx, user := c.Request.Context(), currentUser(c)
	e, err := s.ports.Episodes.Episode(ctx, id)
	if err != nil {
		return detail{}, err
	}
	if err := s.record(c, Entry{By: user.Name, Action: "view", Episode: e.ID}); err != nil {
		return detail{}, err
	}
	shown := hitOf(e, c.Query("hit"))
	events, err := s.ports.Cards.CardEvents(ctx, e.Card, max(e.Last, shown.Time), 20)
	if err != nil {
		return detail{}, err
	}
	normals, err := s.ports.Normals(ctx, e.Card, e.First)
	if err != nil {
		return detail{}, err
	}
	models, err := s.ports.Models.Models(ctx)
	if err != nil {
		return detail{}, err
	}
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return detail{}, err
	}
	d := detail{
		Episode: e.Episode, Alert: shown, Decides: user.Role.includes(Analyst), Severity: severityOf(shown.Score, shown.Threshold),
		Verdict: verdictWord(e.Status), Card: maskCard(e.BIN, e.Last4, user.Role), Place: place(shown.City, shown.Country),
		Time: clock(shown.Time), Age: span(x.Live.Newest - shown.Time), Score: score(shown.Score), Threshold: score(shown.Threshold),
		Movement: s.movement(events, shown), Normals: len(normals) > 0, Events: eventRows(events, e, shown),
		Hits: hitRows(e, shown), Options: verdictOptions(), KeyID: newKey(),
	}
	d.Mine = e.Owner != "" && e.Owner == user.Name
	d.Taken = e.Owner != "" && !d.Mine
	if shown.Amount != 0 {
		d.Amount = money(shown.Amount, shown.Currency)
	}
	d.words(shown)
	d.evidence(s.evidence(shown, normals, populationOf(models, shown.Model)))
	d.Activity = s.activity(e)
	d.Decided = s.decidedOf(e.Disposition)
	return d, nil
}

// hitOf returns the alert that was asked for, the one with the highest score by default.
func hitOf(e EpisodeDetail, id string) atm.Alert {
	i := slices.IndexFunc(e.Alerts, func(a atm.Alert) bool { return a.ID == id })
	if i < 0 {
		i = slices.IndexFunc(e.Alerts, func(a atm.Alert) bool { return a.ID == e.Top.ID })
	}
	if i < 0 {
		return e.Top
	}
	return e.Alerts[i]
}

// words splits the reasons into the headline, the other reasons and the rules.
func (d *detail) words(a atm.Alert) {
	for _, r := range a.Reasons {
		if isRule(r.Code) {
			d.Rules = append(d.Rules, r)
		}
		switch {
		case r.Contribution < 0:
		case d.Headline == "":
			d.Headline = plainReason(r.Text)
		case len(d.Also) < 3:
			d.Also = append(d.Also, plainReason(r.Text))
		}
	}
	if d.Headline == "" {
		d.Headline = "Score above the threshold; no single reason stands out"
	}
}

// plainReason makes a reason a heading: it begins in upper case and has no full stop.
func plainReason(text string) string { return upper(strings.TrimSuffix(text, ".")) }

func hitRows(e EpisodeDetail, shown atm.Alert) []hitRow {
	var out []hitRow
	for _, a := range e.Alerts {
		out = append(out, hitRow{
			ID: a.ID, Time: clock(a.Time), Score: score(a.Score), Severity: severityOf(a.Score, a.Threshold), What: whatOf(a.Kind, a.Amount, a.Currency),
			Shown: a.ID == shown.ID, Link: "/alerts/" + e.ID + "?hit=" + a.ID,
		})
	}
	return out
}

func (s *Server) activity(e EpisodeDetail) []activityRow {
	rows := []activityRow{{Time: clock(e.Raised), By: "engine", Text: "raised the alert"}}
	for _, a := range e.Activity {
		text := map[string]string{"decide": "decided", "undo": "took the decision back", "assign": "took it", "release": "gave it back", "view": "looked at it"}[a.Action]
		if text == "" {
			text = a.Action
		}
		if a.Detail != "" {
			text += ": " + a.Detail
		}
		rows = append(rows, activityRow{Time: clock(a.At), By: a.By, Text: text})
	}
	return rows
}

func (s *Server) decidedOf(d Disposition) *decided {
	if d.ID == "" {
		return nil
	}
	return &decided{
		Verdict: verdictWord(d.Verdict), Class: string(d.Verdict), Reason: reasonText(d.Verdict, d.Reason), Note: d.Note, By: d.By, At: clock(d.At), ID: d.ID,
		Undoable: s.opts.Now() < d.At+undoSpan,
	}
}

func verdictOptions() []verdictOption {
	return []verdictOption{
		{Fraud, "Fraud", "f", reasonsOf(Fraud)},
		{NotFraud, "Not fraud", "n", reasonsOf(NotFraud)},
		{Inconclusive, "Inconclusive", "i", reasonsOf(Inconclusive)},
	}
}
