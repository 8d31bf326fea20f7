package dashboards

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

type apiOverviewAnswer struct {
	At                    atm.Time  `json:"at"`
	Transactions          int64     `json:"transactions"`
	TransactionsPerSecond float64   `json:"transactions_per_second"`
	Alerts                int64     `json:"alerts"`
	AlertsPerMinute       float64   `json:"alerts_per_minute"`
	DeadLetters           int64     `json:"dead_lettered"`
	NewestEvent           *atm.Time `json:"newest_event"`
	Latency               struct {
		P50 float64 `json:"p50"`
		P99 float64 `json:"p99"`
		Max float64 `json:"max"`
	} `json:"latency_ms"` // produce to alert, last minute
	Episodes  apiCounts `json:"episodes"`
	Precision *float64  `json:"precision"` // null when nothing can be compared
	Recall    *float64  `json:"recall"`
	Model     string    `json:"model"` // champion; empty when there is none
}

type apiCounts struct {
	Open         int64 `json:"open"`
	Fraud        int64 `json:"fraud"`
	NotFraud     int64 `json:"not_fraud"`
	Inconclusive int64 `json:"inconclusive"`
}

func (s *Server) apiOverview(c *gin.Context) error {
	x, err := s.sampler.latest(c.Request.Context())
	if err != nil {
		return err
	}
	models, err := s.ports.Models.Models(c.Request.Context())
	if err != nil {
		return err
	}
	tx, alerts := x.rates(10)
	a := apiOverviewAnswer{
		At: x.At, Transactions: x.Live.Transactions, TransactionsPerSecond: tx, Alerts: x.Live.Alerts, AlertsPerMinute: 60 * alerts,
		DeadLetters: x.Live.DeadLetters, Episodes: apiCounts(x.Counts),
	}
	if x.Live.Newest != 0 {
		a.NewestEvent = &x.Live.Newest
	}
	a.Latency.P50, a.Latency.P99, a.Latency.Max = ms(x.Live.Latency.P50), ms(x.Live.Latency.P99), ms(x.Live.Latency.Max)
	if p, ok := x.Truth.Precision(); ok {
		a.Precision = new(round6(p))
	}
	if r, ok := x.Truth.Recall(); ok {
		a.Recall = new(round6(r))
	}
	for _, m := range models {
		if m.Champion {
			a.Model = m.Version
		}
	}
	c.JSON(http.StatusOK, a)
	return nil
}

// apiEpisode is an episode as programs see it.
type apiEpisode struct {
	ID       string   `json:"id"`
	Status   Status   `json:"status"`
	Owner    string   `json:"owner,omitempty"`
	Card     string   `json:"card"` // token
	Masked   string   `json:"masked"`
	Score    float64  `json:"score"`
	Severity string   `json:"severity"`
	Hits     int      `json:"hits"`
	First    atm.Time `json:"first"`
	Last     atm.Time `json:"last"`
	Raised   atm.Time `json:"raised"`
	ATM      string   `json:"atm"`
	City     string   `json:"city,omitempty"`
	Country  string   `json:"country,omitempty"`
	Kind     string   `json:"kind"`
	Amount   int64    `json:"amount"` // minor units
	Currency string   `json:"currency,omitempty"`
	Reason   string   `json:"reason"`
	Model    string   `json:"model"`
}

func apiEpisodeOf(e Episode, r Role) apiEpisode {
	a := apiEpisode{
		ID: e.ID, Status: e.Status, Owner: e.Owner, Card: e.Card, Masked: maskCard(e.BIN, e.Last4, r), Score: round6(e.Score),
		Severity: severityOf(e.Score, e.Top.Threshold).Class, Hits: e.Hits, First: e.First, Last: e.Last, Raised: e.Raised,
		ATM: e.Top.ATM, City: e.Top.City, Country: e.Top.Country, Kind: e.Top.Kind, Amount: e.Top.Amount, Currency: e.Top.Currency, Model: e.Top.Model,
	}
	if len(e.Top.Reasons) > 0 {
		a.Reason = e.Top.Reasons[0].Text
	}
	return a
}

func (s *Server) apiAlerts(c *gin.Context) error {
	query, user := c.Request.URL.Query(), currentUser(c)
	f, err := filterOf(query, user.Name)
	if err != nil {
		return err
	}
	if query.Get("owner") == "" { // for a program "mine" is no sensible default
		f.Owner, f.Unassigned = "", false
	}
	after, err := parseCursor(query.Get("after"))
	if err != nil {
		return err
	}
	limit := 50
	if t := query.Get("limit"); t != "" {
		if limit, err = strconv.Atoi(t); err != nil || limit < 1 || limit > 500 {
			return badRequest("limit is 1 to 500")
		}
	}
	list, err := s.ports.Episodes.Queue(c.Request.Context(), f, after, limit+1)
	if err != nil {
		return err
	}
	answer := struct {
		Alerts []apiEpisode `json:"alerts"`
		Next   string       `json:"next,omitempty"` // give it as after for the next page
	}{Alerts: []apiEpisode{}}
	if len(list) > limit {
		list = list[:limit]
		answer.Next = Cursor{Score: list[limit-1].Score, ID: list[limit-1].ID}.String()
	}
	for _, e := range list {
		answer.Alerts = append(answer.Alerts, apiEpisodeOf(e, user.Role))
	}
	c.JSON(http.StatusOK, answer)
	return nil
}

// apiDetail is an episode with its alerts.
type apiDetail struct {
	apiEpisode
	Alerts      []atm.Alert     `json:"alerts"`
	Disposition *apiDisposition `json:"disposition,omitempty"`
}

type apiDisposition struct {
	ID      string   `json:"id"`
	Verdict Status   `json:"verdict"`
	Reason  string   `json:"reason"`
	Note    string   `json:"note,omitempty"`
	By      string   `json:"by,omitempty"`
	At      atm.Time `json:"at"`
}

func (s *Server) apiAlert(c *gin.Context) error {
	user := currentUser(c)
	e, err := s.ports.Episodes.Episode(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.record(c, Entry{By: user.Name, Action: "view", Episode: e.ID}); err != nil {
		return err
	}
	d := apiDetail{apiEpisode: apiEpisodeOf(e.Episode, user.Role), Alerts: make([]atm.Alert, len(e.Alerts))}
	for i, a := range e.Alerts {
		if !user.Role.includes(Analyst) {
			a.BIN = ""
		}
		a.Evidence = slices.Clone(a.Evidence)
		for k := range a.Evidence {
			a.Evidence[k].Value, a.Evidence[k].Contribution = round6(a.Evidence[k].Value), round6(a.Evidence[k].Contribution)
		}
		a.Score, a.Lat, a.Lon = round6(a.Score), round6(a.Lat), round6(a.Lon)
		a.Reasons = slices.Clone(a.Reasons)
		for k := range a.Reasons {
			a.Reasons[k].Contribution = round6(a.Reasons[k].Contribution)
		}
		d.Alerts[i] = a
	}
	if x := e.Disposition; x.ID != "" {
		d.Disposition = &apiDisposition{x.ID, x.Verdict, x.Reason, x.Note, x.By, x.At}
	}
	c.JSON(http.StatusOK, d)
	return nil
}

// apiDecide takes {"verdict", "reason", "note", "id"}; id is optional and makes repeating the request harmless.
func (s *Server) apiDecide(c *gin.Context) error {
	var in apiDisposition
	if err := readJSON(c, &in); err != nil {
		return err
	}
	ctx := c.Request.Context()
	d, err := s.disposition(ctx, currentUser(c), c.Param("id"), in.Verdict, in.Reason, in.Note, orElse(in.ID, newKey()))
	if err != nil {
		return err
	}
	if err := s.ports.Decisions.Decide(ctx, d); err != nil {
		return err
	}
	s.announce(c, d.Episode)
	c.JSON(http.StatusOK, apiDisposition{d.ID, d.Verdict, d.Reason, d.Note, d.By, d.At})
	return nil
}

// apiUndo takes {"id"}, the decision's.
func (s *Server) apiUndo(c *gin.Context) error {
	var in apiDisposition
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if err := s.ports.Decisions.Undo(c.Request.Context(), c.Param("id"), in.ID, currentUser(c).Name, s.opts.Now()); err != nil {
		return err
	}
	s.announce(c, c.Param("id"))
	c.JSON(http.StatusOK, gin.H{"status": Open})
	return nil
}

func readJSON(c *gin.Context, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, 16<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return badRequest("the body is not the JSON object that this address takes: " + err.Error())
	}
	return nil
}

func ms(d interface{ Seconds() float64 }) float64 { return round6(d.Seconds() * 1000) }

// round6 keeps six decimals: more would look like a measurement, and like a card number.
func round6(x float64) float64 {
	if math.Abs(x) > 1e9 {
		return math.Round(x)
	}
	return math.Round(x*1e6) / 1e6
}
