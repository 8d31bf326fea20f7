package simulator

import "skimwatch/engine/atm"

// weekend reports whether the day that starts at t is a Saturday or a Sunday.
func weekend(t atm.Time) bool {
	d := t / atm.Day % 7 // 1970-01-01 was a Thursday
	return d == 2 || d == 3
}

// crowd is how busy a day is at cash machines, by payday and month end; 1 is an ordinary day.
func crowd(dayOfMonth int) float64 {
	switch dayOfMonth {
	case 1, 25:
		return 1.35
	case 26, 28:
		return 1.2
	case 2, 15:
		return 1.15
	}
	return 0.95
}

// monthDay is the day of the month of simulated day d.
func (w *World) monthDay(d int) int {
	return (w.config.Start + atm.Time(d)*atm.Day).Std().Day()
}
