// Package feature is the one feature code of both layers: the speed layer folds live events through it, the batch layer
// folds history through it, and both get the same vectors bit for bit. It keeps a state per card and one per ATM.
package feature

import (
	"fmt"
	"strconv"
	"strings"

	"skimwatch/engine/atm"
)

// Entity is what a feature describes.
type Entity string

// The entities. A transaction feature compares the event with the state of its card.
const (
	OfCard        Entity = "card"
	OfATM         Entity = "atm"
	OfTransaction Entity = "transaction"
)

// Feature is one number of the feature vector. Count, sum and distinct features follow from their fields alone, so that
// anybody can recompute them: they take the entity's events with time in (t − window, t] that satisfy Where, t's own included,
// in stream order, duplicates by id left out.
type Feature struct {
	Name      string              `json:"name"`
	Title     string              `json:"title"` // a few words for tables
	Entity    Entity              `json:"entity"`
	Aggregate string              `json:"aggregate"` // count, sum, distinct, or how it is computed: value, last, ratio, share, novelty
	Of        string              `json:"of"`        // event field that is summed, counted distinct or looked at
	Where     map[string][]string `json:"where"`     // field → allowed values, all must hold; empty for every event
	Window    int64               `json:"window_seconds"`
	Unit      string              `json:"unit"`
	Meaning   string              `json:"meaning"`
	Default   float64             `json:"default"` // value when nothing is known

	says   string // reason sentence with one %s for the value; of yes/no features the sentence for yes
	one    string // the sentence for exactly one, where it differs
	denies string // the sentence for no, or for none

	needs  []string // earlier features that a computed one looks at
	needed []int    // their vector places
	card   func(*cardView) float64
	atm    func(*atmView) float64
}

// Sentence says in words what a value of the feature means for transaction t; money is shown in t's currency.
func (f *Feature) Sentence(v float64, t *atm.Transaction) string {
	switch {
	case f.denies != "" && v == 0:
		return f.denies
	case f.one != "" && v == 1:
		return f.one
	case f.Unit == "yes/no":
		return f.says
	}
	return fmt.Sprintf(f.says, f.Format(v, t.Currency))
}

// Format writes a value in the feature's unit; currency may be empty.
func (f *Feature) Format(v float64, currency string) string {
	switch f.Unit {
	case "minor units":
		return Money(int64(v), currency)
	case "seconds":
		return span(v)
	case "yes/no":
		if v != 0 {
			return "yes"
		}
		return "no"
	case "km", "km/h":
		return grouped(strconv.FormatFloat(v, 'f', 0, 64)) + " " + f.Unit
	case "share":
		return strconv.FormatFloat(v*100, 'f', 0, 64) + " %"
	case "times":
		return strconv.FormatFloat(v, 'f', 1, 64) + " times"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Money writes minor units with two decimals and thousands apart, as "EUR 1,250.00".
func Money(minor int64, currency string) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s%s.%02d", currency, sign, grouped(strconv.FormatInt(minor/100, 10)), minor%100))
}

// grouped sets the thousands of a run of digits apart.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// span writes seconds as a person would say them.
func span(seconds float64) string {
	switch {
	case seconds < 120:
		return strconv.FormatFloat(seconds, 'f', 0, 64) + " s"
	case seconds < 2*3600:
		return strconv.FormatFloat(seconds/60, 'f', 0, 64) + " min"
	case seconds < 2*86400:
		return strconv.FormatFloat(seconds/3600, 'f', 1, 64) + " h"
	}
	return strconv.FormatFloat(seconds/86400, 'f', 1, 64) + " days"
}
