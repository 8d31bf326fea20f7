package storybook

import (
	"context"
	"math/rand/v2"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

type invented struct {
	text      dashboards.FeatureText
	low, high float64 // of the invented normal
	span      float64 // values go from 0 to this
	whole     bool
}

func (f invented) value(r *rand.Rand) float64 {
	if f.whole {
		return float64(r.IntN(int(f.span) + 1))
	}
	return f.span * r.Float64()
}

var features = []invented{
	{dashboards.FeatureText{Name: "card_withdrawals_10m", Meaning: "withdrawals of the card in 10 min", Unit: "events", Entity: "card"}, 0, 1, 6, true},
	{dashboards.FeatureText{Name: "card_kmh_since_last", Meaning: "speed needed from where the card was last used", Unit: "km/h", Entity: "transaction"}, 0, 42, 1900, false},
	{dashboards.FeatureText{Name: "card_amount_ratio", Meaning: "amount against the card's usual", Unit: "times", Entity: "transaction"}, 0.5, 1.8, 8, false},
	{dashboards.FeatureText{Name: "card_hour_share", Meaning: "share of the card's events at this hour", Unit: "share", Entity: "card"}, 0.02, 0.14, 0.2, false},
	{dashboards.FeatureText{Name: "atm_cards_10m", Meaning: "cards at the ATM in 10 min", Unit: "cards", Entity: "atm"}, 1, 7, 34, true},
	{dashboards.FeatureText{Name: "card_amount_24h", Meaning: "money taken by the card in 24 h", Unit: "minor units", Entity: "card"}, 0, 20000, 180000, true},
	{dashboards.FeatureText{Name: "card_seconds_since_last", Meaning: "time since the card was last used", Unit: "seconds", Entity: "transaction"}, 86400, 518400, 40000, true},
	{dashboards.FeatureText{Name: "card_fallback", Meaning: "chip card read by its stripe", Unit: "yes/no", Entity: "transaction"}, 0, 0, 1, true},
	{dashboards.FeatureText{Name: "card_wrong_pins_1h", Meaning: "wrong PINs of the card in 1 h", Unit: "events", Entity: "card"}, 0, 0, 3, true},
	{dashboards.FeatureText{Name: "card_km_since_last", Meaning: "distance from where the card was last used", Unit: "km", Entity: "transaction"}, 0, 18, 1400, false},
	{dashboards.FeatureText{Name: "card_atms_24h", Meaning: "ATMs used by the card in 24 h", Unit: "ATMs", Entity: "card"}, 1, 2, 7, true},
	{dashboards.FeatureText{Name: "card_first_contactless", Meaning: "first contactless withdrawal of the card", Unit: "yes/no", Entity: "transaction"}, 0, 0, 1, true},
	{dashboards.FeatureText{Name: "card_limit_change_24h", Meaning: "limit changed within 24 h", Unit: "yes/no", Entity: "card"}, 0, 0, 1, true},
	{dashboards.FeatureText{Name: "atm_declined_share_1h", Meaning: "share of refusals at the ATM in 1 h", Unit: "share", Entity: "atm"}, 0.02, 0.11, 0.6, false},
}

func featureText(name string) (dashboards.FeatureText, bool) {
	for _, f := range features {
		if f.text.Name == name {
			return f.text, true
		}
	}
	return dashboards.FeatureText{}, false
}

func (w *World) normals(_ context.Context, _ string, _ atm.Time) (map[string]dashboards.Range, error) {
	out := map[string]dashboards.Range{}
	if w.state == One {
		return out, nil
	}
	for i, f := range features {
		if i%7 != 4 { // some have no normal
			out[f.text.Name] = dashboards.Range{Low: f.low, Median: (f.low + f.high) / 2, High: f.high, Count: 212}
		}
	}
	return out, nil
}

func population() map[string]dashboards.Range {
	out := map[string]dashboards.Range{}
	for _, f := range features {
		out[f.text.Name] = dashboards.Range{Low: f.low / 2, Median: f.high / 2, High: f.high * 1.5, Count: 480_000}
	}
	return out
}
