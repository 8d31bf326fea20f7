package evaluate

import (
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
)

// Split is one fold of the published protocol: fit on the time before a gap, test on the time after it. All spans are in
// units of atm.Time, starts inclusive and ends exclusive.
type Split struct {
	TestFrom  atm.Time
	Test      atm.Time // length of the test window
	Delay     atm.Time // gap between fit and test: the time labels take to arrive
	Train     atm.Time // length of the fit window, which ends Delay before TestFrom
	Known     atm.Time // how far before the gap a card's fraud is remembered; 0 means Train
	KeepKnown bool     // test also on cards known as defrauded
}

// Fold returns the split that lies i test windows later.
func (s Split) Fold(i int) Split {
	s.TestFrom += atm.Time(i) * s.Test
	return s
}

// Check returns an error when a span makes no sense.
func (s Split) Check() error {
	if s.Test <= 0 || s.Train <= 0 || s.Delay < 0 || s.Known < 0 {
		return fmt.Errorf("split with train %v, delay %v, test %v, known %v: train and test must be positive, the others not negative",
			s.Train.Duration(), s.Delay.Duration(), s.Test.Duration(), s.Known.Duration())
	}
	return nil
}

// Fit returns the rows to fit on, with the labels known when the test begins.
func (s Split) Fit(set *dataset.Set) dataset.Part {
	end := s.TestFrom - s.Delay
	return window(set, end-s.Train, end, func(row int) bool { return set.FraudAt(row, s.TestFrom) })
}

// Judge returns the rows to test on, with all the set's labels. Unless KeepKnown is set it leaves out, day by day, the
// cards whose fraud was known by then, as the Fraud Detection Handbook does: those with a fraud in the Known time that ends
// Delay before TestFrom, and those with a fraud from there up to Delay before the day.
func (s Split) Judge(set *dataset.Set) dataset.Part {
	part := window(set, s.TestFrom, s.TestFrom+s.Test, func(row int) bool { return set.Fraud[row] })
	if s.KeepKnown {
		return part
	}
	firstFraud := s.knownCards(set)
	kept := dataset.Part{Set: set}
	for i, row := range part.Rows {
		day := s.TestFrom + floorDay(set.Time[row]-s.TestFrom)*atm.Day
		if fraud, known := firstFraud[set.Card[row]]; known && fraud < day-s.Delay {
			continue
		}
		kept.Rows, kept.Y = append(kept.Rows, row), append(kept.Y, part.Y[i])
	}
	return kept
}

// knownCards returns for each card the time of its first fraud from the start of the Known time on.
func (s Split) knownCards(set *dataset.Set) map[string]atm.Time {
	known := s.Known
	if known == 0 {
		known = s.Train
	}
	from := s.TestFrom - s.Delay - known
	first := map[string]atm.Time{}
	for row, fraud := range set.Fraud {
		t := set.Time[row]
		if !fraud || t < from {
			continue
		}
		if before, ok := first[set.Card[row]]; !ok || t < before {
			first[set.Card[row]] = t
		}
	}
	return first
}

func window(set *dataset.Set, from, to atm.Time, fraud func(row int) bool) dataset.Part {
	part := dataset.Part{Set: set}
	for row, t := range set.Time {
		if t >= from && t < to {
			part.Rows = append(part.Rows, row)
			part.Y = append(part.Y, fraud(row))
		}
	}
	return part
}
