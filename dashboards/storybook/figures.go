package storybook

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// StatusCounts implements dashboards.Statistics.
func (w *World) StatusCounts(context.Context) (dashboards.StatusCounts, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var c dashboards.StatusCounts
	for _, x := range w.rows {
		switch x.status {
		case dashboards.Open:
			c.Open++
		case dashboards.Fraud:
			c.Fraud++
		case dashboards.NotFraud:
			c.NotFraud++
		case dashboards.Inconclusive:
			c.Inconclusive++
		}
	}
	return c, nil
}

// LabelCounts implements dashboards.Statistics.
func (w *World) LabelCounts(_ context.Context, since atm.Time) ([]dashboards.LabelCount, error) {
	if w.state == Empty {
		return nil, nil
	}
	n := int64(1)
	if since == 0 {
		n = 9
	}
	return []dashboards.LabelCount{
		{Source: atm.Analyst, Fraud: true, Count: 41 * n}, {Source: atm.Analyst, Fraud: false, Count: 63 * n}, {Source: atm.Chargeback, Fraud: true, Count: 18 * n},
		{Source: atm.Simulator, Fraud: true, Count: 352 * n},
	}, nil
}

// Truth implements dashboards.Statistics.
func (w *World) Truth(context.Context, atm.Time) (dashboards.Truth, error) {
	if w.state != Many {
		return dashboards.Truth{}, nil
	}
	return dashboards.Truth{Frauds: 1840, FraudsAlerted: 1496, Alerts: 1713, AlertsFraud: 1496}, nil
}

// Live implements dashboards.Counters.
func (w *World) Live(_ context.Context, seconds int) (dashboards.Live, error) {
	if w.state == Empty {
		return dashboards.Live{}, nil
	}
	now := w.now()
	l := dashboards.Live{
		Transactions: 1_284_310, Alerts: 1713, DeadLetters: 12, Newest: Newest, NewestAt: now - atm.Second/2,
		Latency: dashboards.Latency{Count: 34, P50: 4200 * time.Microsecond, P99: 21 * time.Millisecond, Max: 48 * time.Millisecond},
	}
	if w.state == One {
		l.Transactions, l.Alerts, l.DeadLetters, l.NewestAt = 5120, 1, 0, now-25*atm.Second
		seconds = min(seconds, 60)
	}
	for i := seconds; i >= 0; i-- {
		at := (now/atm.Second - atm.Time(i)) * atm.Second
		r := rand.New(rand.NewPCG(1, uint64(at/atm.Second)))
		wave := math.Sin(float64(at/atm.Second%600) / 600 * 2 * math.Pi)
		l.Ticks = append(l.Ticks, dashboards.Tick{
			At: at, Transactions: int64(1900 + 350*wave + 180*r.Float64()), Alerts: int64(r.IntN(5)),
			P50: time.Duration(3.6e6 + 1.2e6*r.Float64()), P99: time.Duration(15e6 + 12e6*r.Float64()),
		})
	}
	return l, nil
}

// TopATMs implements dashboards.Patterns.
func (w *World) TopATMs(_ context.Context, _ atm.Time, n int) ([]dashboards.ATMAlerts, error) {
	if w.state == Empty {
		return nil, nil
	}
	var out []dashboards.ATMAlerts
	for i := range min(n, map[State]int{One: 1, Many: 180}[w.state]) {
		id, t := terminal(i)
		out = append(out, dashboards.ATMAlerts{ATM: id, City: t.name, Country: t.country, Lat: t.lat, Lon: t.lon, HasPlace: true, Alerts: int64(1 + 118/(1+i))})
	}
	return out, nil
}

// TopReasons implements dashboards.Patterns.
func (w *World) TopReasons(_ context.Context, _ atm.Time, n int) ([]dashboards.ReasonAlerts, error) {
	if w.state == Empty {
		return nil, nil
	}
	var out []dashboards.ReasonAlerts
	for i, s := range stories[:min(n, map[State]int{One: 1, Many: len(stories)}[w.state])] {
		out = append(out, dashboards.ReasonAlerts{Code: s.code, Alerts: int64(512 / (1 + i))})
	}
	return out, nil
}

// DeadLetters implements dashboards.DeadLetters.
func (w *World) DeadLetters(_ context.Context, n int) ([]atm.DeadLetter, int64, error) {
	if w.state != Many {
		return nil, 0, nil
	}
	all := []atm.DeadLetter{
		{Topic: "labels", Reason: `decode label of "5500005555555559": source "police" is not one of chargeback, analyst, simulator`, Partition: 1, Offset: 4_711, Key: "0195b3", Bytes: []byte(`{"transaction":"0195b3","fraud":true,"source":"police","known_at":"2026-03-02T14:00:00Z"}`)},
		{Topic: "transactions", Key: "c0ffee", Reason: `decode transaction: kind "withdrawl" is not known`, Partition: 2, Offset: 188_204, Bytes: []byte(`{"id":"0195b2","time":"2026-03-02T14:12:07Z","card":"c0ffee","kind":"withdrawl"}`)},
		{Topic: "transactions", Key: "4111111111111111", Reason: "decode transaction: amount is a string", Partition: 0, Offset: 187_530, Bytes: []byte(`{"id":"0195b1","card":"4111111111111111","amount":"200"}`)},
		{Topic: "transactions", Reason: "decode transaction: not JSON", Partition: 3, Offset: 90_112, Bytes: []byte("\x00\x01\xfe<script>alert(1)</script>")},
	}
	return all[:min(n, len(all))], 12, nil
}

func (w *World) lags(context.Context) ([]dashboards.Lag, error) {
	if w.state != Many {
		return nil, nil
	}
	var out []dashboards.Lag
	for p := range int32(4) {
		out = append(out, dashboards.Lag{Group: "scorer", Topic: "transactions", Partition: p, Records: []int64{3, 0, 12_840, 7}[p]})
	}
	return out, nil
}

// Models implements dashboards.Models.
func (w *World) Models(context.Context) ([]dashboards.Model, error) {
	var out []dashboards.Model
	for v := map[State]int{Empty: 0, One: 1, Many: 7}[w.state]; v > 0; v-- {
		m := dashboards.Model{
			Version: "fraud/" + string(rune('0'+v)), Algorithm: "forest", Created: Now - atm.Time(8-v)*atm.Day, FeatureSet: "9f2c41d07ab3e815", Threshold: 0.62, Seed: 7,
			From: Now - 60*atm.Day, Until: Now - atm.Time(9-v)*atm.Day, LabelCutoff: Now - atm.Time(9-v)*atm.Day, Rows: 480_000 + int64(v)*9120, Frauds: 2310 + int64(v)*44, Code: "dev",
			Metrics: []dashboards.Metric{{Name: "average_precision", Value: 0.71 + 0.012*float64(v)}, {Name: "roc_auc", Value: 0.961 + 0.003*float64(v)},
				{Name: "recall_at_budget", Value: 0.78 + 0.01*float64(v)}, {Name: "card_precision_at_k", Value: 0.41 + 0.008*float64(v)}},
			Population: population(),
		}
		for i, name := range []string{"skimming", "pin_guess", "cash_out", "impossible_travel", "account_takeover", "relay"} {
			m.Scenarios = append(m.Scenarios, dashboards.ScenarioRecall{Name: name, Frauds: 210 / (1 + i), Recall: 0.97 - 0.08*float64(i)})
		}
		for i, f := range features[:6] {
			m.Importance = append(m.Importance, dashboards.Importance{Feature: f.text.Name, Share: 0.24 * math.Exp(-0.3*float64(i))})
		}
		out = append(out, m)
	}
	if len(out) > 0 {
		out[len(out)/4].Champion = true
	}
	if len(out) > 2 {
		out[0].Challenger = true
	}
	return out, nil
}
