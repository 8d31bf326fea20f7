package feature

import (
	"encoding/json"
	"slices"

	"skimwatch/engine/window"
)

// Bounds on the events kept per key; a key that needs more drops its oldest, and its vectors say so (atm.Overflow).
const (
	maxCardEvents = 4096
	maxATMEvents  = 1 << 17
)

// set is the catalogue made ready for folding. It is immutable.
type set struct {
	features    []Feature // the card half, then the ATM half
	cards, atms *layout
	cardSize    int
	hash        uint64
	index       map[string]int
}

var catalogue = newSet()

// newSet names every family of features, in the order of the vector.
func newSet() *set {
	cards := slices.Concat(cardVelocity(), cardAmounts(), cardPlaces(), cardTrouble(), cardChanges(), cardTravel(), cardNovelty(), cardHabit(), cardLimits(), cardTransaction())
	atms := slices.Concat(atmVolume(), atmCards(), atmTrouble(), atmRhythm())
	s := &set{features: slices.Concat(cards, atms), cardSize: len(cards), index: map[string]int{}}
	for i := range s.features {
		f := &s.features[i]
		if f.Where == nil {
			f.Where = map[string][]string{}
		}
		if _, twice := s.index[f.Name]; twice {
			panic("BUG: two features are named " + f.Name)
		}
		s.index[f.Name] = i
		for _, n := range f.needs {
			at, ok := s.index[n]
			if !ok {
				panic("BUG: " + f.Name + " needs " + n + ", which does not stand before it")
			}
			f.needed = append(f.needed, at)
		}
	}
	s.cards = newLayout(cards, [2]string{"atm", "country"}, maxCardEvents)
	s.atms = newLayout(atms, [2]string{"card", "bin"}, maxATMEvents)
	s.hash = hash(s.features)
	return s
}

// hash covers what the values follow from, not the words about them.
func hash(features []Feature) uint64 {
	meaning := slices.Clone(features)
	for i := range meaning {
		meaning[i].Title, meaning[i].Meaning = "", ""
	}
	text, err := json.Marshal(meaning)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return window.Hash(string(text))
}

// Catalogue returns every feature in the order of the vector.
func Catalogue() []Feature { return slices.Clone(catalogue.features) }

// Names returns the features' names in the order of the vector.
func Names() []string {
	names := make([]string, Size())
	for i, f := range catalogue.features {
		names[i] = f.Name
	}
	return names
}

// Size returns the length of a whole feature vector.
func Size() int { return len(catalogue.features) }

// CardSize returns the length of the card half, which leads the vector.
func CardSize() int { return catalogue.cardSize }

// Hash identifies the feature set: it changes when any feature's definition does. It travels with models and scores.
func Hash() uint64 { return catalogue.hash }

// Index returns the vector place of the feature with this name, which must exist.
func Index(name string) int {
	i, ok := catalogue.index[name]
	if !ok {
		panic("BUG: no feature is named " + name)
	}
	return i
}

// Find returns the vector place of the feature with this name, and whether there is one.
func Find(name string) (int, bool) {
	i, ok := catalogue.index[name]
	return i, ok
}

// At returns the feature at a vector place. It must not be changed.
func At(i int) *Feature { return &catalogue.features[i] }
