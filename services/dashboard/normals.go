package dashboard

import (
	"context"
	"maps"
	"slices"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// A card's normal is taken from at most this many of its events, and not from fewer than normalLeast. Twice as many are
// replayed, so that the windows of those that count are filled.
const (
	normalMost  = 150
	normalLeast = 5
)

// normals returns a card's normals by replaying its stored events through the engine's own card half, so that also a card
// whose past was never scored has some; the ATM half comes from what was logged.
func normals(cards dashboards.Cards, logged dashboards.Normals) dashboards.Normals {
	return func(ctx context.Context, card string, before atm.Time) (map[string]dashboards.Range, error) {
		ranges, err := logged(ctx, card, before)
		if err != nil {
			return nil, err
		}
		events, err := cards.CardEvents(ctx, card, before-1, 2*normalMost)
		if err != nil {
			return nil, err
		}
		maps.Copy(ranges, replayed(events))
		return ranges, nil
	}
}

// replayed returns the ranges of the card half over events, which come newest first.
func replayed(events []dashboards.Event) map[string]dashboards.Range {
	if len(events) < normalLeast {
		return nil
	}
	fold, half := feature.NewCardFold(), make([]float64, feature.CardSize())
	var state feature.CardState
	columns := make([][]float64, feature.CardSize())
	for i, e := range slices.Backward(events) {
		fold.Apply(&state, &e.Transaction, e.Transaction.Time, half)
		if i >= normalMost {
			continue
		}
		for c, v := range half {
			columns[c] = append(columns[c], v)
		}
	}
	ranges := map[string]dashboards.Range{}
	for c, values := range columns {
		slices.Sort(values)
		at := func(share float64) float64 { return values[int(share*float64(len(values)-1)+0.5)] }
		ranges[feature.At(c).Name] = dashboards.Range{Low: at(0.05), Median: at(0.5), High: at(0.95), Count: int64(len(values))}
	}
	return ranges
}
