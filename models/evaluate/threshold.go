package evaluate

import (
	"math"

	"skimwatch/engine/atm"
)

// Threshold returns the lowest threshold at which the transactions give at most perDay alerts a day on average over the
// time they span, a day at least. Never does everything alert; and unless the budget allows nothing at all, the transactions with
// the very highest score always do, even when they alone are too many.
func Threshold(list []Scored, perDay float64) float64 {
	if len(list) == 0 {
		return 1
	}
	sorted := descending(list)
	allowed := min(int(perDay*spanDays(list)), len(sorted)-1)
	if allowed <= 0 {
		return math.Nextafter(sorted[0].Score, 2)
	}
	for allowed > 0 && sorted[allowed-1].Score == sorted[allowed].Score {
		allowed-- // all of one score alert, or none of them
	}
	if allowed == 0 {
		return sorted[0].Score
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
