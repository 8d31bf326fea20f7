package dashboards

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"skimwatch/engine/atm"
)

// absent is what stands where a figure is not known.
const absent = "–"

// count formats 1234567 as 1,234,567.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// minorDigits are the currencies of ISO 4217 that do not have two decimals.
var minorDigits = map[string]int{"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "UGX": 0, "BHD": 3, "KWD": 3, "OMR": 3, "JOD": 3, "TND": 3}

// money formats minor units with their currency, as "EUR 1,250.00". Units stand after
// a space that does not break.
func money(minor int64, currency string) string {
	d, ok := minorDigits[currency]
	if !ok {
		d = 2
	}
	unit := int64(math.Pow10(d))
	sign := ""
	if minor < 0 {
		sign, minor = "−", -minor
	}
	text := sign + count(minor/unit)
	if d > 0 {
		text += fmt.Sprintf(".%0*d", d, minor%unit)
	}
	if currency == "" {
		return text
	}
	return currency + " " + text
}

func percent(share float64, ok bool) string {
	if !ok {
		return absent
	}
	return strconv.FormatFloat(100*share, 'f', 1, 64) + " %"
}

// span formats a length of time in its largest fitting unit.
func span(t atm.Time) string {
	switch {
	case t < 0:
		return "0 s"
	case t < atm.Minute:
		return fmt.Sprintf("%d s", t/atm.Second)
	case t < 120*atm.Minute:
		return fmt.Sprintf("%d min", t/atm.Minute)
	case t < 10*atm.Hour:
		return number(round1(float64(t)/float64(atm.Hour))) + " h"
	case t < 48*atm.Hour:
		return fmt.Sprintf("%d h", t/atm.Hour)
	}
	return fmt.Sprintf("%d d", t/atm.Day)
}

// millis formats a latency.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms <= 0:
		return absent
	case ms < 0.1:
		return "< 0.1 ms"
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	case ms < 10000:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
}

func clock(t atm.Time) string {
	if t == 0 {
		return absent
	}
	return t.Std().Format("02 Jan 2006 15:04:05")
}

// score cuts to three decimals: what is below 1 must not read as 1.
func score(x float64) string { return strconv.FormatFloat(math.Floor(x*1000)/1000, 'f', 3, 64) }

// value formats a feature's value in its unit; money takes the currency.
func value(x float64, unit, currency string) string {
	switch unit {
	case "minor units":
		return money(int64(math.Round(x)), currency)
	case "seconds":
		return span(atm.Time(x * float64(atm.Second)))
	case "yes/no":
		if x != 0 {
			return "yes"
		}
		return "no"
	case "share":
		return percent(x, !math.IsNaN(x))
	case "km", "km/h":
		return plain(math.Round(x)) + " " + unit
	case "times":
		return number(x) + " ×"
	}
	return number(x)
}

// number shows three significant digits at least, and no more than are there.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return absent
	}
	switch a := math.Abs(x); {
	case x == math.Trunc(x) || a >= 1000:
		return plain(x)
	case a >= 100:
		return strings.Replace(strconv.FormatFloat(x, 'f', 1, 64), "-", "−", 1)
	}
	return strings.Replace(strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 3, 64), "0"), "."), "-", "−", 1)
}

func plain(x float64) string {
	if math.Abs(x) >= 1e15 || math.IsNaN(x) {
		return absent
	}
	if x != math.Trunc(x) && math.Abs(x) < 1000 {
		return number(x)
	}
	return count(int64(math.Round(x)))
}

// maskCard shows the last four digits, and the first ones too for those whose role needs them. They are what PCI DSS 3.4.1
// lets a screen show.
func maskCard(bin, last4 string, r Role) string {
	if last4 == "" {
		return "number not known"
	}
	if bin != "" && r.includes(Analyst) {
		return bin + " •••• " + last4
	}
	return "•••• " + last4
}

// shortCard shows the last four digits only, for narrow columns.
func shortCard(last4 string) string {
	if last4 == "" {
		return absent
	}
	return "•• " + last4
}

// place joins what is known of where a terminal stands.
func place(city, country string) string {
	switch {
	case city == "":
		return country
	case country == "":
		return city
	}
	return city + ", " + country
}
