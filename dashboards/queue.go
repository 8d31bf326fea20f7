package dashboards

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// queuePage bounds: rows per page, and how far matches are counted.
const (
	rowsPerPage = 50
	countAtMost = 100000
)

// queueRow is an episode in the list.
type queueRow struct {
	ID       string
	Severity Severity
	Score    string
	Reason   string
	Card     string
	Where    string
	Amount   string
	Hits     int
	Age      string
	Status   Status
	Verdict  string
	Owner    string
	Initials string
	Mine     bool
	Selected bool
}

// rowsPart is a page of rows and where the next one begins.
type rowsPart struct {
	Rows []queueRow
	Next string // address of the next rows; empty at the end
	More string // address of the queue page that starts there, for browsers without scripts
}

type choice struct {
	Value, Text string
	Chosen      bool
}

type queuePage struct {
	shell
	rowsPart
	Total    string
	Statuses []choice
	Owners   []choice
	Reasons  []choice
	Filter   Filter
	Min      string
	Chips    []chip
	LiveURL  string // of the stream that tells about new rows
	Filtered bool
	Detail   *detail // of the selected row; nil without rows
	BackTo   string
	Analysed int64 // transactions scored, for the empty state
}

// chip is a filter without a field of its own in the form.
type chip struct{ Name, Value, Label, Without string }

func (s *Server) queue(c *gin.Context) error {
	ctx, user := c.Request.Context(), currentUser(c)
	query := c.Request.URL.Query()
	f, err := filterOf(query, user.Name)
	if err != nil {
		return err
	}
	now := s.opts.Now()
	part, err := s.rows(c, f)
	if err != nil {
		return err
	}
	total, err := s.ports.Episodes.CountQueue(ctx, f, countAtMost)
	if err != nil {
		return err
	}
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return err
	}
	kept := keepFilter(query)
	p := queuePage{
		shell: s.shell(c, "Alert queue", "queue"), rowsPart: part, Total: atMost(total, countAtMost), Filter: f,
		Min: query.Get("min"), Filtered: len(kept) > 0, Chips: s.chips(query), BackTo: "/queue?" + kept.Encode(), Analysed: x.Live.Transactions,
	}
	p.choices(query, s)
	live := keepFilter(query)
	live.Set("topic", "queue")
	live.Set("since", now.String())
	p.LiveURL = "/live?" + live.Encode()
	if p.Detail, err = s.selectRow(c, p.Rows, query.Get("sel")); err != nil {
		return err
	}
	s.render(c, http.StatusOK, "queue", p)
	return nil
}

// selectRow loads the selected episode, the first row by default, and marks its row.
func (s *Server) selectRow(c *gin.Context, rows []queueRow, id string) (*detail, error) {
	if id == "" && len(rows) > 0 {
		id = rows[0].ID
	}
	if id == "" {
		return nil, nil
	}
	for i := range rows {
		rows[i].Selected = rows[i].ID == id
	}
	d, err := s.loadDetail(c, id)
	if err != nil {
		return nil, err
	}
	return &d, nil
}

func atMost(n, most int) string {
	if n >= most {
		return count(int64(most)) + "+"
	}
	return count(int64(n))
}

// rows loads the page of the queue that the address asks for.
func (s *Server) rows(c *gin.Context, f Filter) (rowsPart, error) {
	ctx, query := c.Request.Context(), c.Request.URL.Query()
	after, err := parseCursor(query.Get("after"))
	if err != nil {
		return rowsPart{}, err
	}
	list, err := s.ports.Episodes.Queue(ctx, f, after, rowsPerPage+1)
	if err != nil {
		return rowsPart{}, err
	}
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return rowsPart{}, err
	}
	var part rowsPart
	if len(list) > rowsPerPage {
		list = list[:rowsPerPage]
		last := list[rowsPerPage-1]
		next := keepFilter(query)
		next.Set("after", Cursor{Score: last.Score, ID: last.ID}.String())
		part.Next, part.More = "/queue/rows?"+next.Encode(), "/queue?"+next.Encode()
	}
	user := currentUser(c)
	for _, e := range list {
		part.Rows = append(part.Rows, s.rowOf(e, user, x.Live.Newest))
	}
	return part, nil
}

func (s *Server) rowOf(e Episode, user User, newest atm.Time) queueRow {
	r := queueRow{
		ID: e.ID, Severity: severityOf(e.Score, e.Top.Threshold), Score: score(e.Score), Card: shortCard(e.Last4),
		Where: e.Top.City, Initials: initials(e.Owner), Hits: e.Hits, Age: span(newest - e.Last), Status: e.Status,
		Verdict: verdictWord(e.Status), Owner: e.Owner, Mine: e.Owner != "" && e.Owner == user.Name,
	}
	if r.Where == "" {
		r.Where = e.Top.ATM
	}
	if len(e.Top.Reasons) > 0 {
		r.Reason = plainReason(e.Top.Reasons[0].Text)
	}
	if e.Top.Amount != 0 {
		r.Amount = money(e.Top.Amount, e.Top.Currency)
	}
	return r
}

// initials are the first two letters of a name.
func initials(name string) string {
	r := []rune(name)
	return string(r[:min(2, len(r))])
}

func (s *Server) queueRows(c *gin.Context) error {
	f, err := filterOf(c.Request.URL.Query(), currentUser(c).Name)
	if err != nil {
		return err
	}
	part, err := s.rows(c, f)
	if err != nil {
		return err
	}
	s.renderBlock(c, http.StatusOK, "queue", "rows", part)
	return nil
}

// queueRow renders one row anew, after its episode changed.
func (s *Server) queueRow(c *gin.Context) error {
	ctx := c.Request.Context()
	e, err := s.ports.Episodes.Episode(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return err
	}
	s.renderBlock(c, http.StatusOK, "queue", "row", s.rowOf(e.Episode, currentUser(c), x.Live.Newest))
	return nil
}

// queueNext takes the highest open episode of nobody for the user, and opens it. When a colleague is faster it tries the
// next one.
func (s *Server) queueNext(c *gin.Context) error {
	ctx, user := c.Request.Context(), currentUser(c)
	list, err := s.ports.Episodes.Queue(ctx, Filter{Status: Open, Unassigned: true}, Cursor{}, 20)
	if err != nil {
		return err
	}
	for _, e := range list {
		err := s.ports.Decisions.Assign(ctx, e.ID, "", user.Name, s.opts.Now())
		if err == nil {
			s.announce(c, e.ID)
			c.Redirect(http.StatusSeeOther, "/queue?sel="+url.QueryEscape(e.ID))
			return nil
		}
		if status, _ := statusOf(err); status != http.StatusConflict {
			return err
		}
	}
	c.Redirect(http.StatusSeeOther, "/queue")
	return nil
}

func (p *queuePage) choices(query url.Values, s *Server) {
	mark := func(list []choice, chosen string) []choice {
		for i := range list {
			list[i].Chosen = list[i].Value == chosen
		}
		return list
	}
	p.Statuses = mark([]choice{{Value: "open", Text: "Open"}, {Value: "fraud", Text: "Fraud"}, {Value: "not_fraud", Text: "Not fraud"},
		{Value: "inconclusive", Text: "Inconclusive"}, {Value: "any", Text: "Any status"}}, orElse(query.Get("status"), "open"))
	p.Owners = mark([]choice{{Value: "mine", Text: "Mine and nobody's"}, {Value: "me", Text: "Mine"}, {Value: "nobody", Text: "Nobody's"},
		{Value: "all", Text: "Everybody's"}}, orElse(query.Get("owner"), "mine"))
}

// chips shows the filters that came by a link and have no field in the form.
func (s *Server) chips(query url.Values) []chip {
	var out []chip
	for _, k := range []string{"reason", "atm", "country", "card"} {
		v := query.Get(k)
		if v == "" {
			continue
		}
		without := keepFilter(query)
		without.Del(k)
		label := k + " " + v
		switch k {
		case "reason":
			label = s.reasonLabel(v)
		case "atm":
			label = "ATM " + v
		}
		out = append(out, chip{Name: k, Value: v, Label: label, Without: "/queue?" + without.Encode()})
	}
	return out
}

func orElse(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}
