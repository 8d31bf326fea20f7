package feature

import (
	"fmt"
	"strings"

	"skimwatch/engine/atm"
	"skimwatch/engine/window"
)

// count makes one feature per window: how many events of the entity pass the filter.
func count(entity Entity, short string, f filter, windows ...atm.Time) []Feature {
	return each(windows, func(w atm.Time) Feature {
		return Feature{Name: name(entity, short, w), Title: title(f.noun, entity, w), Entity: entity, Aggregate: "count", Where: f.where, Unit: "events",
			Meaning: fmt.Sprintf("number of %s %s within %s", f.noun, whose(entity), long(w)),
			says:    fmt.Sprintf("%%s %s %s within %s", f.noun, whose(entity), long(w)),
			one:     fmt.Sprintf("1 %s %s within %s", f.one, whose(entity), long(w)),
			denies:  fmt.Sprintf("No %s %s within %s", f.one, whose(entity), long(w))}
	})
}

// sum makes one feature per window: the amount of the events that pass the filter, in minor units.
func sum(entity Entity, short string, f filter, windows ...atm.Time) []Feature {
	return each(windows, func(w atm.Time) Feature {
		return Feature{Name: name(entity, short, w), Title: title("amount of "+f.noun, entity, w), Entity: entity, Aggregate: "sum", Of: "amount", Where: f.where, Unit: "minor units",
			Meaning: fmt.Sprintf("sum of the amounts of %s %s within %s", f.noun, whose(entity), long(w)),
			says:    fmt.Sprintf("%%s in %s %s within %s", f.noun, whose(entity), long(w))}
	})
}

// distinct makes one feature per window: how many different values of a field the events that pass the filter have.
func distinct(entity Entity, short, of, one, noun string, f filter, windows ...atm.Time) []Feature {
	return each(windows, func(w atm.Time) Feature {
		return Feature{Name: name(entity, short, w), Title: title(noun, entity, w), Entity: entity, Aggregate: "distinct", Of: of, Where: f.where, Unit: noun,
			Meaning: fmt.Sprintf("number of different %s in %s %s within %s", noun, f.noun, whose(entity), long(w)),
			says:    fmt.Sprintf("%%s different %s %s within %s", noun, whose(entity), long(w)),
			one:     fmt.Sprintf("1 %s %s within %s", one, whose(entity), long(w)),
			denies:  fmt.Sprintf("No known %s %s within %s", one, whose(entity), long(w))}
	})
}

func each(windows []atm.Time, make func(atm.Time) Feature) (fs []Feature) {
	for _, w := range windows {
		f := make(w)
		f.Window = int64(w / atm.Second)
		if f.Where == nil {
			f.Where = map[string][]string{}
		}
		fs = append(fs, f)
	}
	return fs
}

func name(entity Entity, short string, w atm.Time) string {
	return string(entity) + "_" + short + "_" + brief(w)
}

// title is the short form of a windowed feature, as "Wrong PINs, ATM, 30 min".
func title(what string, e Entity, w atm.Time) string {
	who := "card"
	if e == OfATM {
		who = "ATM"
	}
	return upperFirst(what) + ", " + who + ", " + long(w)
}

func whose(e Entity) string {
	if e == OfATM {
		return "at this ATM"
	}
	return "with this card"
}

func brief(w atm.Time) string {
	switch {
	case w%atm.Day == 0 && w > atm.Day:
		return fmt.Sprintf("%dd", w/atm.Day)
	case w%atm.Hour == 0:
		return fmt.Sprintf("%dh", w/atm.Hour)
	}
	return fmt.Sprintf("%dm", w/atm.Minute)
}

func long(w atm.Time) string {
	return strings.NewReplacer("d", " days", "h", " h", "m", " min").Replace(brief(w))
}

// lateness is how far behind the watermark an event may be and still find every event of its windows: a store-and-forward
// terminal delivers within a day.
const lateness = atm.Day

// layout ties the windowed features of one entity to a ring's plan.
type layout struct {
	plan   *window.Plan
	sieve  sieve
	places []int // ring value i goes to vector place places[i]
	other  []int // vector places of the computed features
}

// newLayout plans the ring for the features of a half vector; values are the two event fields that may be counted distinct.
func newLayout(half []Feature, values [2]string, limit int) *layout {
	l := &layout{}
	var specs []window.Spec
	for i, f := range half {
		if f.Window == 0 {
			l.other = append(l.other, i)
			continue
		}
		s := window.Spec{Length: f.Window * int64(atm.Second), Class: l.sieve.class(filter{where: nonEmpty(f.Where)})}
		switch {
		case f.Aggregate == "sum":
			s.Aggregate = window.Sum
		case f.Aggregate == "distinct" && f.Of == values[0]:
			s.Aggregate = window.Distinct0
		case f.Aggregate == "distinct" && f.Of == values[1]:
			s.Aggregate = window.Distinct1
		case f.Aggregate != "count":
			panic("BUG: feature " + f.Name + " has no window aggregate")
		}
		specs, l.places = append(specs, s), append(l.places, i)
	}
	plan, err := window.NewPlan(specs, int64(lateness), limit)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	l.plan = plan
	l.sieve.ready()
	return l
}

func nonEmpty(m map[string][]string) map[string][]string {
	if len(m) == 0 {
		return nil
	}
	return m
}
