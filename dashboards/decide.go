package dashboards

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

const (
	undoSpan  = atm.Time(UndoFor / 1000) // time.Duration counts nanoseconds
	longestID = 64
	maxNote   = 2000 // bytes
)

// disposition checks a decision that came from outside and completes it.
func (s *Server) disposition(ctx context.Context, user User, episode string, verdict Status, reason, note, id string) (Disposition, error) {
	codes := ReasonCodes(verdict)
	switch {
	case codes == nil:
		return Disposition{}, badRequest("verdict is fraud, not_fraud or inconclusive")
	case !slices.Contains(codes, reason):
		return Disposition{}, badRequest("reason for " + string(verdict) + " is one of " + strings.Join(codes, ", "))
	case len(note) > maxNote || !utf8.ValidString(note):
		return Disposition{}, badRequest("note is UTF-8 text of at most 2000 bytes")
	case id == "" || len(id) > longestID:
		return Disposition{}, badRequest("id is 1 to 64 bytes, chosen by the caller")
	}
	e, err := s.ports.Episodes.Episode(ctx, episode)
	if err != nil {
		return Disposition{}, err
	}
	x, err := s.sampler.latest(ctx)
	if err != nil {
		return Disposition{}, err
	}
	return Disposition{
		ID: id, Episode: e.ID, Verdict: verdict, Reason: reason, Note: note, By: user.Name, At: s.opts.Now(),
		KnownAt: max(e.Last, x.Live.Newest),
	}, nil
}

func (s *Server) decide(c *gin.Context) error {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 16<<10)
	ctx := c.Request.Context()
	d, err := s.disposition(ctx, currentUser(c), c.Param("id"), Status(c.PostForm("verdict")), c.PostForm("reason"), c.PostForm("note"), c.PostForm("id"))
	if err != nil {
		return err
	}
	if err := s.ports.Decisions.Decide(ctx, d); err != nil {
		return err
	}
	s.announce(c, d.Episode)
	return s.changed(c, d.Episode, change{Did: "decided", Episode: d.Episode, Disposition: d.ID, Text: "Decided " + verdictWord(d.Verdict) + ": " + reasonText(d.Verdict, d.Reason)})
}

func (s *Server) undo(c *gin.Context) error {
	id, disposition := c.Param("id"), c.PostForm("id")
	if err := s.ports.Decisions.Undo(c.Request.Context(), id, disposition, currentUser(c).Name, s.opts.Now()); err != nil {
		return err
	}
	s.announce(c, id)
	return s.changed(c, id, change{Did: "undone", Episode: id, Text: "The decision was taken back"})
}

// assign makes the episode the user's, or gives it back.
func (s *Server) assign(c *gin.Context) error {
	id, user := c.Param("id"), currentUser(c).Name
	from, to := "", user
	ch := change{Did: "assigned", Episode: id, Text: "It is yours now"}
	if c.PostForm("release") != "" {
		from, to = user, ""
		ch = change{Did: "assigned", Episode: id, Text: "It is nobody's again"}
	}
	if err := s.ports.Decisions.Assign(c.Request.Context(), id, from, to, s.opts.Now()); err != nil {
		return err
	}
	s.announce(c, id)
	return s.changed(c, id, ch)
}

// change tells the browser's script what a form did.
type change struct {
	Did         string `json:"did"`
	Episode     string `json:"episode"`
	Disposition string `json:"disposition,omitempty"`
	Text        string `json:"text"`
}

// changed answers a form: with a trigger for the script, or by leading to the alert's page.
func (s *Server) changed(c *gin.Context, episode string, ch change) error {
	if !isFragment(c) {
		c.Redirect(http.StatusSeeOther, "/alerts/"+url.PathEscape(episode))
		return nil
	}
	trigger, err := json.Marshal(map[string]change{"skimwatch": ch})
	if err != nil {
		return err
	}
	c.Header("HX-Trigger", string(trigger))
	c.Status(http.StatusNoContent)
	return nil
}

// announce tells the other browsers. That it was stored matters more than that they learn of it at once.
func (s *Server) announce(c *gin.Context, episode string) {
	if err := s.ports.Feed.Announce(c.Request.Context(), Signal{Kind: Changed, ID: episode}); err != nil {
		s.logStop(c.Request.Context(), "announce a change", err)
	}
}
