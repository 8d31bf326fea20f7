// Package rule holds the deterministic rules: what an analyst would stop without any model. Each looks at one transaction
// and its feature vector, so a rule replays as a model does.
package rule

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// Version names the rule set below. It changes with every change to a rule.
const Version = "rules/1"

// Rule alerts on its own, whatever the model says.
type Rule struct {
	Name     string   // reason code is "rule:" and the name
	Text     string   // what it means, one sentence
	Severity float64  // 0–1: how far above the threshold a hit stands
	Looks    []string // the features it looks at
	hits     func(t *atm.Transaction, v view) bool
	places   []int
}

// view gives a rule its features in the order of Looks.
type view struct {
	vector []float64
	places []int
}

func (v view) at(i int) float64 { return v.vector[v.places[i]] }

// Hits reports whether the rule holds for t with this whole feature vector.
func (r *Rule) Hits(t *atm.Transaction, vector []float64) bool {
	return r.hits(t, view{vector, r.places})
}

// All returns the rules in the order in which they are tried.
func All() []Rule {
	rules := []Rule{impossibleTravel, pinGuessing, cashOut, jackpotting}
	for i := range rules {
		for _, name := range rules[i].Looks {
			rules[i].places = append(rules[i].places, feature.Index(name))
		}
	}
	return rules
}

// paid says whether cash left the machine on this card.
func paid(t *atm.Transaction) bool { return t.Kind == atm.Withdrawal && t.Response == atm.Approved }
