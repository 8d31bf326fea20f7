package dashboards

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

type apiModel struct {
	Version     string             `json:"version"`
	Algorithm   string             `json:"algorithm"`
	Champion    bool               `json:"champion"`
	Challenger  bool               `json:"challenger"`
	Created     atm.Time           `json:"created"`
	FeatureSet  string             `json:"feature_set"`
	Threshold   float64            `json:"threshold"`
	Rows        int64              `json:"rows"`
	Frauds      int64              `json:"frauds"`
	From        atm.Time           `json:"from"`
	Until       atm.Time           `json:"until"`
	LabelCutoff atm.Time           `json:"label_cutoff"`
	Metrics     map[string]float64 `json:"metrics"`
}

func (s *Server) apiModels(c *gin.Context) error {
	list, err := s.ports.Models.Models(c.Request.Context())
	if err != nil {
		return err
	}
	out := []apiModel{}
	for _, m := range list {
		a := apiModel{
			Version: m.Version, Algorithm: m.Algorithm, Champion: m.Champion, Challenger: m.Challenger, Created: m.Created, FeatureSet: m.FeatureSet,
			Threshold: round6(m.Threshold), Rows: m.Rows, Frauds: m.Frauds, From: m.From, Until: m.Until, LabelCutoff: m.LabelCutoff, Metrics: map[string]float64{},
		}
		for _, x := range m.Metrics {
			a.Metrics[x.Name] = round6(x.Value)
		}
		out = append(out, a)
	}
	c.JSON(http.StatusOK, gin.H{"models": out})
	return nil
}

type apiDependency struct {
	Name  string `json:"name"`
	Up    bool   `json:"up"`
	Error string `json:"error,omitempty"`
}

type apiLag struct {
	Group     string `json:"group"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Records   int64  `json:"records"`
}

func (s *Server) apiSystem(c *gin.Context) error {
	answer := struct {
		Version      string          `json:"version"`
		Dependencies []apiDependency `json:"dependencies"`
		Lags         []apiLag        `json:"lags"`
		DeadLetters  int64           `json:"dead_letters"`
	}{Version: s.opts.Version, Dependencies: []apiDependency{}, Lags: []apiLag{}}
	ctx := c.Request.Context()
	for _, d := range s.checkAll(ctx) {
		answer.Dependencies = append(answer.Dependencies, apiDependency{d.Name, d.Up, d.Error})
	}
	if s.ports.Lags != nil {
		lags, err := s.ports.Lags(ctx)
		if err != nil {
			return err
		}
		for _, l := range lags {
			answer.Lags = append(answer.Lags, apiLag(l))
		}
	}
	_, total, err := s.ports.DeadLetters.DeadLetters(ctx, 1)
	if err != nil {
		return err
	}
	answer.DeadLetters = total
	c.JSON(http.StatusOK, answer)
	return nil
}
