package dashboards

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"skimwatch/engine/atm"
)

// filterOf reads the queue's filter from an address. Nothing given means mine and nobody's, open.
func filterOf(q url.Values, user string) (Filter, error) {
	f := Filter{
		Status: Status(q.Get("status")), Reason: q.Get("reason"), ATM: q.Get("atm"), Country: strings.ToUpper(q.Get("country")),
		Card: q.Get("card"), Text: strings.TrimSpace(q.Get("q")),
	}
	switch f.Status {
	case "":
		f.Status = Open
	case "any":
		f.Status = ""
	case Open, Fraud, NotFraud, Inconclusive:
	default:
		return f, badRequest("status is open, fraud, not_fraud, inconclusive or any, not " + strconv.Quote(string(f.Status)))
	}
	switch q.Get("owner") {
	case "", "mine":
		f.Owner, f.Unassigned = user, true
	case "me":
		f.Owner = user
	case "nobody":
		f.Unassigned = true
	case "all":
	default:
		return f, badRequest("owner is mine, me, nobody or all, not " + strconv.Quote(q.Get("owner")))
	}
	if f.Status != Open && q.Get("owner") == "" {
		f.Owner, f.Unassigned = "", false
	}
	if t := q.Get("min"); t != "" {
		x, err := strconv.ParseFloat(t, 64)
		if err != nil || math.IsNaN(x) || x < 0 || x > 1 {
			return f, badRequest("min is a score from 0 to 1, not " + strconv.Quote(t))
		}
		f.MinScore = x
	}
	if len(f.Text) > 100 {
		return f, badRequest("q is at most 100 bytes")
	}
	return f, nil
}

// filterValues are the parts of an address that name a filter.
var filterValues = []string{"status", "owner", "min", "reason", "atm", "country", "card", "q"}

// keepFilter returns the filter's part of an address's query.
func keepFilter(q url.Values) url.Values {
	out := url.Values{}
	for _, k := range filterValues {
		if v := q.Get(k); v != "" {
			out.Set(k, v)
		}
	}
	return out
}

// url returns the address of a page with the fields of f that pages link to.
func (f Filter) url(path string) string {
	q := url.Values{"owner": {"all"}}
	set := func(k, v string) {
		if v != "" {
			q.Set(k, v)
		}
	}
	set("status", string(f.Status))
	set("reason", f.Reason)
	set("atm", f.ATM)
	set("card", f.Card)
	return path + "?" + q.Encode()
}

// String encodes a cursor for an address; the zero cursor is empty. The score keeps all its bits.
func (c Cursor) String() string {
	if c.ID == "" {
		return ""
	}
	return strconv.FormatUint(math.Float64bits(c.Score), 36) + "." + c.ID
}

func parseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	bits, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseUint(bits, 36, 64)
	x := math.Float64frombits(n)
	if !ok || err != nil || id == "" || math.IsNaN(x) {
		return Cursor{}, badRequest("after is not a cursor that a page of this queue gave")
	}
	return Cursor{Score: x, ID: id}, nil
}

// parseMoment reads an RFC 3339 time of an address; empty is 0.
func parseMoment(text string) (atm.Time, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, badRequest("since is not an RFC 3339 time: " + strconv.Quote(text))
	}
	return atm.TimeOf(t), nil
}
