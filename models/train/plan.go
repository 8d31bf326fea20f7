// Package train is the batch job that makes a model of a data set: fit on the past, choose a threshold and evaluate on a later
// slice, compare with the champion there, then fit again on everything whose labels have had time to arrive.
package train

import (
	"fmt"
	"math"
	"slices"

	"skimwatch/engine/atm"
	"skimwatch/engine/window"
	"skimwatch/models/dataset"
	"skimwatch/models/forest"
)

// Plan says which rows serve for what.
//
//	first ─── fit ───┤ gap ├── later slice ──┤ young ┤ cut-off
//
// The young rows are those whose labels may still be missing; the gap before the later slice stands for the same time as it
// was then. Both are as long as labels usually take.
type Plan struct {
	Cutoff atm.Time // labels known later do not exist
	Delay  atm.Time // how long labels take
	From   atm.Time // later slice, inclusive
	To     atm.Time // later slice, exclusive; the young rows begin here
	ByCard bool     // the history is too short for a split by time: the slice is a third of the cards over all of it
}

// Later slices last a quarter of the history and at most this.
const longestSlice = 14 * atm.Day

// plan lays the time line out. It falls back on a split by card when one side of the split by time would have too few frauds.
func plan(set *dataset.Set, cfg Config) Plan {
	first, last := set.Span()
	p := Plan{Cutoff: cfg.Cutoff, Delay: cfg.Delay}
	if p.Delay == 0 {
		p.Delay = usualDelay(set, p.Cutoff, (last-first)/6)
	}
	p.To = min(p.Cutoff-p.Delay, last+1)
	slice := cfg.Slice
	if slice == 0 {
		slice = min((p.To-first)/4, longestSlice)
	}
	p.From = p.To - slice
	if fit, later := p.fit(set), p.later(set); fit.Frauds() < forest.MinFrauds || later.Frauds() < forest.MinFrauds/2 {
		p.ByCard, p.From = true, first
	}
	return p
}

// usualDelay is how long nine of ten fraud labels took, at most longest.
func usualDelay(set *dataset.Set, cutoff, longest atm.Time) atm.Time {
	var delays []atm.Time
	for row := range set.Rows() {
		if set.FraudAt(row, cutoff) {
			delays = append(delays, max(0, set.KnownAt[row]-set.Time[row]))
		}
	}
	if len(delays) == 0 {
		return 0
	}
	slices.Sort(delays)
	return min(delays[len(delays)*9/10], longest)
}

// fit returns the rows to fit on before judging, with the labels known when the later slice begins.
func (p Plan) fit(set *dataset.Set) dataset.Part {
	known := p.From
	if p.ByCard {
		known = p.Cutoff
	}
	return part(set, func(row int) (bool, bool) {
		t := set.Time[row]
		if p.ByCard {
			return t < p.To && !heldOut(set.Card[row]), set.FraudAt(row, known)
		}
		return t < p.From && (t < p.From-p.Delay || set.LabelledAt(row, known)), set.FraudAt(row, known)
	})
}

// later returns the slice to judge on, with the labels known at the cut-off.
func (p Plan) later(set *dataset.Set) dataset.Part {
	return part(set, func(row int) (bool, bool) {
		t := set.Time[row]
		return t >= p.From && t < p.To && (!p.ByCard || heldOut(set.Card[row])), set.FraudAt(row, p.Cutoff)
	})
}

// all returns the rows that the model in force is fitted on: those old enough, and the young ones that have a label already,
// so that an analyst's decision of today counts. A young row without one is neither fraud nor honest yet.
func (p Plan) all(set *dataset.Set) dataset.Part {
	return part(set, func(row int) (bool, bool) {
		t := set.Time[row]
		return t < p.To || t <= p.Cutoff && set.LabelledAt(row, p.Cutoff), set.FraudAt(row, p.Cutoff)
	})
}

func part(set *dataset.Set, choose func(row int) (in, fraud bool)) dataset.Part {
	chosen := dataset.Part{Set: set}
	for row := range set.Rows() {
		if in, fraud := choose(row); in {
			chosen.Rows, chosen.Y = append(chosen.Rows, row), append(chosen.Y, fraud)
		}
	}
	return chosen
}

// heldOut picks a third of the cards, always the same.
func heldOut(card string) bool { return window.Hash(card)%3 == 0 }

// days is the length of the later slice in days, at least a day.
func (p Plan) days() float64 { return math.Max(1, float64(p.To-p.From)/float64(atm.Day)) }

// String says in words how the slice was taken.
func (p Plan) String() string {
	if p.ByCard {
		return fmt.Sprintf("a third of the cards, %s to %s (too few known frauds for a split by time)", day(p.From), day(p.To))
	}
	return fmt.Sprintf("%s to %s, %.1f days after the fit ended", day(p.From), day(p.To), float64(p.Delay)/float64(atm.Day))
}

func day(t atm.Time) string { return t.Std().Format("2006-01-02 15:04") }
