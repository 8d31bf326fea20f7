package dashboards

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// shownMetrics are the columns of the registry's table.
var shownMetrics = []string{"average_precision", "roc_auc", "recall_at_budget", "card_precision_at_k"}

type modelRow struct {
	Version    string
	Algorithm  string
	Role       string // champion, challenger or empty
	Created    string
	Rows       string
	Frauds     string
	Window     string
	Cutoff     string
	Threshold  string
	FeatureSet string
	Seed       string
	Code       string
	Shown      []string // values of shownMetrics
	Metrics    []metricRow
	Importance []bar
	Scenarios  []bar
}

type metricRow struct{ Name, Value string }

type labelRow struct {
	Source string
	Fraud  string
	Honest string
	New    string // known after the champion's cut-off
}

type modelsPage struct {
	shell
	Headings    []string
	Models      []modelRow
	Champion    modelRow
	HasChampion bool
	Labels      []labelRow
	NewLabels   int64
}

func (s *Server) models(c *gin.Context) error {
	ctx := c.Request.Context()
	list, err := s.ports.Models.Models(ctx)
	if err != nil {
		return err
	}
	p := modelsPage{shell: s.shell(c, "Models", "models"), Headings: metricTexts(shownMetrics)}
	var cutoff atm.Time
	for _, m := range list {
		r := modelRowOf(m)
		if m.Champion {
			for _, w := range m.Importance[:min(12, len(m.Importance))] {
				r.Importance = append(r.Importance, bar{Label: s.reasonLabel(w.Feature), Note: w.Feature, Count: percent(w.Share, true), Width: int(100 * w.Share / m.Importance[0].Share)})
			}
			for _, w := range m.Scenarios {
				r.Scenarios = append(r.Scenarios, bar{Label: upper(strings.ReplaceAll(w.Name, "_", " ")), Note: count(int64(w.Frauds)) + " frauds", Count: percent(w.Recall, true), Width: int(100 * w.Recall)})
			}
			p.Champion, p.HasChampion, cutoff = r, true, m.LabelCutoff
		}
		p.Models = append(p.Models, r)
	}
	all, err := s.ports.Statistics.LabelCounts(ctx, 0)
	if err != nil {
		return err
	}
	fresh, err := s.ports.Statistics.LabelCounts(ctx, cutoff)
	if err != nil {
		return err
	}
	p.Labels, p.NewLabels = labelRows(all, fresh)
	s.render(c, http.StatusOK, "models", p)
	return nil
}

func modelRowOf(m Model) modelRow {
	r := modelRow{
		Version: m.Version, Algorithm: m.Algorithm, Created: clock(m.Created), Rows: count(m.Rows), Frauds: count(m.Frauds),
		Window: day(m.From) + " to " + day(m.Until), Cutoff: clock(m.LabelCutoff), Threshold: score(m.Threshold), FeatureSet: m.FeatureSet,
		Seed: fmt.Sprint(m.Seed), Code: m.Code,
	}
	switch {
	case m.Champion:
		r.Role = "champion"
	case m.Challenger:
		r.Role = "challenger"
	}
	values := map[string]string{}
	for _, x := range m.Metrics {
		values[x.Name] = score(x.Value)
		r.Metrics = append(r.Metrics, metricRow{metricText(x.Name), score(x.Value)})
	}
	for _, name := range shownMetrics {
		r.Shown = append(r.Shown, orElse(values[name], absent))
	}
	return r
}

// metricText names a figure of an evaluation as the glossary does.
func metricText(name string) string {
	switch name {
	case "average_precision":
		return "PR-AUC"
	case "roc_auc":
		return "ROC-AUC"
	case "recall_at_budget":
		return "Recall at budget"
	case "card_precision_at_k":
		return "Card precision at k"
	case "value_detection_rate":
		return "Value detection rate"
	}
	return upper(strings.ReplaceAll(name, "_", " "))
}

func metricTexts(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = metricText(n)
	}
	return out
}

func day(t atm.Time) string {
	if t == 0 {
		return absent
	}
	return t.Std().Format("02 Jan 2006")
}

// labelRows joins the counts of all labels and of those that no model has seen.
func labelRows(all, fresh []LabelCount) (rows []labelRow, unseen int64) {
	for _, source := range []atm.Source{atm.Analyst, atm.Chargeback, atm.Simulator} {
		var fraud, honest, news int64
		for _, l := range all {
			switch {
			case l.Source != source:
			case l.Fraud:
				fraud += l.Count
			default:
				honest += l.Count
			}
		}
		for _, l := range fresh {
			if l.Source == source {
				news += l.Count
			}
		}
		unseen += news
		rows = append(rows, labelRow{Source: string(source), Fraud: count(fraud), Honest: count(honest), New: count(news)})
	}
	return rows, unseen
}
