package evaluate

import (
	"math"

	"skimwatch/engine/atm"
)

// Threshold returns the lowest threshold at which the transactions give at most perDay alerts a day on average over the
// time they span, and never one that everything reaches. The span is at least a day.
func Threshold(list []Scored, perDay float64) float64 {
	if len(list) == 0 {
		return 1
	}
	allowed := int(perDay * spanDays(list))
	sorted := descending(list)
	allowed = min(allowed, len(sorted)-1)
	for allowed > 0 && sorted[allowed-1].Score == sorted[allowed].Score {
		allowed-- // all of one score alert, or none of them
	}
	if allowed <= 0 {
		return math.Nextafter(sorted[0].Score, 2)
	}
	// Half way to the first score that must not alert: new scores fall between those seen.
	return sorted[allowed].Score + (sorted[allowed-1].Score-sorted[allowed].Score)/2
}

func spanDays(list []Scored) float64 {
	first, last := list[0].Time, list[0].Time
	for _, s := range list {
		first, last = min(first, s.Time), max(last, s.Time)
	}
	return max(1, float64(last-first)/float64(atm.Day))
}
