package dashboards_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

func decode[T any](t *testing.T, r *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
		t.Fatalf("status %d, body %.200q: %v", r.Code, r.Body, err)
	}
	return v
}

type apiAlerts struct {
	Alerts []struct {
		ID, Status, Masked, Reason string
		Score                      float64
	}
	Next string
}

// TestProgramDecides does by token what an analyst does by hand.
func TestProgramDecides(t *testing.T) {
	s := newStill(t, storybook.Many)
	c := s.withToken("analyst")
	first := decode[apiAlerts](t, c.get("/api/v1/alerts?limit=3"))
	if len(first.Alerts) != 3 || first.Next == "" || first.Alerts[0].Score < first.Alerts[1].Score {
		t.Fatalf("first page %+v", first)
	}
	second := decode[apiAlerts](t, c.get("/api/v1/alerts?limit=3&after="+first.Next))
	if second.Alerts[0].Score > first.Alerts[2].Score || second.Alerts[0].ID == first.Alerts[2].ID {
		t.Errorf("second page begins with %+v after %+v", second.Alerts[0], first.Alerts[2])
	}
	path := "/api/v1/alerts/" + first.Alerts[0].ID
	body := `{"verdict":"not_fraud","reason":"travelling","note":"","id":"k1"}`
	for range 2 { // repeating is harmless
		if r := c.postJSON(path+"/decide", body); r.Code != http.StatusOK {
			t.Fatalf("deciding answers %d: %s", r.Code, r.Body)
		}
	}
	got := decode[struct {
		Status      string
		Disposition struct{ ID, By, Reason string }
		Alerts      []struct{ Evidence []struct{ Feature string } }
	}](t, c.get(path))
	if got.Status != "not_fraud" || got.Disposition.By != "analyst" || got.Disposition.ID != "k1" || len(got.Alerts) == 0 || len(got.Alerts[0].Evidence) == 0 {
		t.Errorf("afterwards it is %+v", got)
	}
	if r := c.postJSON(path+"/decide", `{"verdict":"fraud","reason":"cash_out"}`); r.Code != http.StatusConflict {
		t.Errorf("another decision answers %d", r.Code)
	}
	if r := c.postJSON(path+"/undo", `{"id":"k1"}`); r.Code != http.StatusOK {
		t.Errorf("undoing answers %d: %s", r.Code, r.Body)
	}
}

var reasonOfAnother = map[dashboards.Status]string{dashboards.Fraud: "travelling", dashboards.NotFraud: "cash_out", dashboards.Inconclusive: "cash_out"}

func TestAPIRefuses(t *testing.T) {
	s := newStill(t, storybook.One)
	path := "/api/v1/alerts/" + s.firstOpen() + "/decide"
	f := func(c *client, body string, want int) {
		t.Helper()
		r := c.postJSON(path, body)
		if r.Code != want || decode[struct{ Error string }](t, r).Error == "" {
			t.Errorf("%q answers %d, want %d: %s", body, r.Code, want, r.Body)
		}
	}
	good := `{"verdict":"fraud","reason":"cash_out"}`
	f(s.anybody(), good, http.StatusUnauthorized)
	f(s.withToken("nobody"), good, http.StatusUnauthorized)
	f(s.withToken("viewer"), good, http.StatusForbidden)
	f(s.withToken("analyst"), ``, http.StatusBadRequest)
	f(s.withToken("analyst"), `{`, http.StatusBadRequest)
	f(s.withToken("analyst"), `{"verdict":1}`, http.StatusBadRequest)
	f(s.withToken("analyst"), `{"verdict":"fraud","reason":"cash_out","by":"colleague","colour":"red"}`, http.StatusBadRequest)
	// who names no reason, or a wrong one, learns which ones the verdict has
	for _, v := range []dashboards.Status{dashboards.Fraud, dashboards.NotFraud, dashboards.Inconclusive} {
		codes := strings.Join(dashboards.ReasonCodes(v), ", ")
		for _, reason := range []string{`""`, `"because"`, `"` + reasonOfAnother[v] + `"`} {
			r := s.withToken("analyst").postJSON(path, `{"verdict":"`+string(v)+`","reason":`+reason+`}`)
			if got := decode[struct{ Error string }](t, r).Error; r.Code != http.StatusBadRequest || codes == "" || !strings.HasSuffix(got, string(v)+" is one of "+codes) {
				t.Errorf("%s for %s answers %d: %s", reason, v, r.Code, got)
			}
		}
	}
	if r := s.withToken("analyst").postJSON(path, `{"verdict":"fraud"}`); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), "cash_out") {
		t.Errorf("no reason at all answers %d: %s", r.Code, r.Body)
	}
	if r := s.withToken("analyst").get("/queue"); r.Code != http.StatusSeeOther {
		t.Errorf("a token opens pages: %d", r.Code)
	}
}

func TestAPIOverview(t *testing.T) {
	type overview struct {
		Transactions, Alerts int64
		Precision, Recall    *float64
		Model                string
	}
	many := decode[overview](t, newStill(t, storybook.Many).withToken("viewer").get("/api/v1/overview"))
	if many.Transactions == 0 || many.Precision == nil || *many.Precision < 0.87 || many.Model != "fraud/6" {
		t.Errorf("many: %+v", many)
	}
	empty := decode[overview](t, newStill(t, storybook.Empty).withToken("viewer").get("/api/v1/overview"))
	if empty.Precision != nil || empty.Recall != nil || empty.Model != "" {
		t.Errorf("empty: %+v", empty)
	}
}

func TestViewerSeesNoBIN(t *testing.T) {
	s := newStill(t, storybook.One)
	type detail struct {
		Masked string
		Alerts []struct{ BIN string }
	}
	path := "/api/v1/alerts/" + s.firstOpen()
	if d := decode[detail](t, s.withToken("viewer").get(path)); d.Alerts[0].BIN != "" || len(d.Masked) > len("•••• 0000") {
		t.Errorf("a viewer sees %+v", d)
	}
	if d := decode[detail](t, s.withToken("analyst").get(path)); d.Alerts[0].BIN == "" {
		t.Errorf("an analyst sees %+v", d)
	}
}
