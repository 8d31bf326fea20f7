package atm

import (
	"fmt"
	"time"
)

// parseTime reads RFC 3339, years 1970 to 9999. The usual form, UTC with at most six digits of fraction, is read without
// the standard library's detour over time zones.
func parseTime(s string) (Time, error) {
	if t, ok := fastTime(s); ok {
		return t, nil
	}
	std, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || s[13] != ':' || s[19] == ',' { // time.Parse lets an hour of one digit and a comma pass
		return 0, fmt.Errorf("time %q is not RFC 3339, such as 2026-01-05T09:30:00.250Z", s)
	}
	if y := std.UTC().Year(); y < 1970 || y > 9999 {
		return 0, fmt.Errorf("time %q is not between the years 1970 and 9999", s)
	}
	return TimeOf(std), nil
}

// fastTime reads 2006-01-02T15:04:05[.ffffff]Z and says no to everything else.
func fastTime(s string) (Time, bool) {
	n := len(s)
	if n < 20 || n > 27 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[n-1] != 'Z' {
		return 0, false
	}
	bad := false
	num := func(i, j int) int {
		v := 0
		for ; i < j; i++ {
			c := s[i] - '0'
			bad = bad || c > 9
			v = v*10 + int(c)
		}
		return v
	}
	year, month, day := num(0, 4), num(5, 7), num(8, 10)
	hour, minute, second := num(11, 13), num(14, 16), num(17, 19)
	micros := 0
	if n > 20 {
		if s[19] != '.' || n == 21 {
			return 0, false
		}
		micros = num(20, n-1)
		for range 26 - (n - 1) {
			micros *= 10
		}
	}
	if bad || year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	days := Time(daysBefore(year, month, day))
	return days*Day + Time(hour)*Hour + Time(minute)*Minute + Time(second)*Second + Time(micros), true
}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [...]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month]
}

// daysBefore counts the days from 1970-01-01 to a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func daysBefore(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}
