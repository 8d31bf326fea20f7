package dashboard

import (
	"context"
	"errors"
	"slices"
	"sync"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/models/registry"
)

// keptFor is how long the list of models is believed: pages ask for it more often than it changes.
const keptFor = 5 * atm.Second

// models is the registry as the pages see it.
type models struct {
	registry *registry.Registry
	now      func() atm.Time

	mu   sync.Mutex
	list []dashboards.Model
	at   atm.Time
}

var _ dashboards.Models = (*models)(nil)

// Models implements dashboards.Models.
func (m *models) Models(ctx context.Context) ([]dashboards.Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at != 0 && m.now()-m.at < keptFor {
		return m.list, nil
	}
	manifests, err := m.registry.List(ctx)
	if err != nil {
		return nil, err
	}
	champion, err := m.holder(ctx, registry.Champion)
	if err != nil {
		return nil, err
	}
	challenger, err := m.holder(ctx, registry.Challenger)
	if err != nil {
		return nil, err
	}
	list := make([]dashboards.Model, 0, len(manifests))
	for _, x := range slices.Backward(manifests) {
		d := modelOf(x)
		d.Champion, d.Challenger = x.Version == champion, x.Version == challenger
		list = append(list, d)
	}
	m.list, m.at = list, m.now()
	return list, nil
}

// holder returns the version that has a role, empty when none has.
func (m *models) holder(ctx context.Context, role registry.Alias) (string, error) {
	p, err := m.registry.Current(ctx, role)
	if errors.Is(err, registry.ErrNotFound) {
		return "", nil
	}
	return p.Version, err
}

func modelOf(x registry.Manifest) dashboards.Model {
	e := x.Evaluation
	d := dashboards.Model{
		Version: x.Version, Algorithm: x.Algorithm, Created: x.Created, FeatureSet: x.FeatureSet.String(), Threshold: x.Threshold, Seed: x.Seed,
		From: x.From, Until: x.To, LabelCutoff: x.Cutoff, Rows: int64(x.Rows), Frauds: int64(x.Frauds), Code: x.Code, Population: map[string]dashboards.Range{},
		Metrics: []dashboards.Metric{{Name: "average_precision", Value: e.AveragePrecision}, {Name: "roc_auc", Value: e.ROCAUC}, {Name: "recall_at_budget", Value: e.RecallAtBudget},
			{Name: "card_precision_at_k", Value: e.CardPrecisionAtK}, {Name: "value_detection_rate", Value: e.ValueDetectionRate}},
	}
	for _, q := range x.Population {
		d.Population[q.Feature] = dashboards.Range{Low: q.P5, Median: q.P50, High: q.P95, Count: int64(x.Rows)}
	}
	for _, s := range e.PerScenario {
		d.Scenarios = append(d.Scenarios, dashboards.ScenarioRecall{Name: s.Name, Frauds: s.Frauds, Recall: s.Recall})
	}
	return d
}

// featureText looks a feature up in the catalogue.
func featureText(name string) (dashboards.FeatureText, bool) {
	i, ok := feature.Find(name)
	if !ok {
		return dashboards.FeatureText{}, false
	}
	f := feature.At(i)
	return dashboards.FeatureText{Name: f.Name, Meaning: f.Title, Unit: f.Unit, Entity: string(f.Entity)}, true
}
