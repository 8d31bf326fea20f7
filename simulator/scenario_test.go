package simulator

import (
	"slices"
	"testing"

	"skimwatch/engine/atm"
)

// act is one transaction and the truth about it.
type act struct {
	atm.Transaction
	campaign string // empty: honest
}

func (a *act) stripe() bool { return a.Entry == atm.Magstripe || a.Entry == atm.Fallback }

// story is what one scenario leaves in the stream.
type story struct {
	campaigns map[string][]act
	byCard    map[string][]act // honest and not
}

// tell runs a world in which only the named scenario happens. It must happen, under its own name.
func tell(t *testing.T, name string) story {
	t.Helper()
	w := world(t, Config{Seed: 11, Cards: 1500, ATMs: 120, Days: 40, FraudRate: 0.006, Scenarios: []string{name}})
	s, e := story{campaigns: map[string][]act{}, byCard: map[string][]act{}}, Event{}
	for w.Next(&e) {
		a := act{Transaction: e.Transaction}
		for _, l := range e.Labels {
			if l.Scenario != name {
				t.Fatalf("scenario %s in a world of %s", l.Scenario, name)
			}
			a.campaign = l.Campaign
			s.campaigns[l.Campaign] = append(s.campaigns[l.Campaign], a)
		}
		s.byCard[a.Card] = append(s.byCard[a.Card], a)
	}
	if len(s.campaigns) < 3 {
		t.Fatalf("%d campaigns of %s in 45 days", len(s.campaigns), name)
	}
	return s
}

// victims groups a campaign by card, in order of the first fraud.
func victims(campaign []act) (cards []string, acts map[string][]act) {
	acts = map[string][]act{}
	for _, a := range campaign {
		if acts[a.Card] == nil {
			cards = append(cards, a.Card)
		}
		acts[a.Card] = append(acts[a.Card], a)
	}
	return cards, acts
}

// honestBefore lists what a card's owner did before t.
func (s *story) honestBefore(card string, t atm.Time) (acts []act) {
	for _, a := range s.byCard[card] {
		if a.campaign == "" && a.Time < t {
			acts = append(acts, a)
		}
	}
	return acts
}

// sharedMachines lists the machines at which every victim of a campaign was before the first fraud with its card.
func (s *story) sharedMachines(campaign []act) (shared []string) {
	cards, acts := victims(campaign)
	for n, card := range cards {
		var here []string
		for _, a := range s.honestBefore(card, acts[card][0].Time) {
			here = append(here, a.ATM)
		}
		if n == 0 {
			shared = here
		}
		shared = slices.DeleteFunc(shared, func(m string) bool { return !slices.Contains(here, m) })
	}
	return shared
}

// mostly checks that a share of the cases is true: thieves meet outages and empty accounts like everyone else.
func mostly(t *testing.T, what string, share float64, yes, of int) {
	t.Helper()
	if of == 0 || float64(yes) < share*float64(of) {
		t.Errorf("%s: %d of %d, want at least %g", what, yes, of, share)
	}
}

func distinct(acts []act, of func(*act) string) int {
	seen := map[string]bool{}
	for i := range acts {
		seen[of(&acts[i])] = true
	}
	return len(seen)
}

func TestScenariosAreNamedOnceAndExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenarios() {
		if seen[s.Name] || s.Name == "" || s.Meaning == "" || s.Signature == "" || s.Source == "" || len(s.Parameters) == 0 || s.size <= 0 || s.share <= 0 || s.knows <= 0 {
			t.Errorf("scenario %q is named twice or not explained", s.Name)
		}
		seen[s.Name] = true
		for _, p := range s.Parameters {
			if p.Low > p.High || p.Name == "" || p.Meaning == "" {
				t.Errorf("scenario %s: parameter %+v", s.Name, p)
			}
		}
	}
	if len(seen) != 14 {
		t.Errorf("%d scenarios", len(seen))
	}
}

// Every scenario happens about as often as its share says.
func TestScenariosHaveTheirShare(t *testing.T) {
	w, e, frauds := world(t, Config{Cards: 8000, ATMs: 400, Days: 60, FraudRate: 0.006}), Event{}, 0
	count := map[string]int{}
	for w.Next(&e) {
		for _, l := range e.Labels {
			count[l.Scenario]++
			frauds++
		}
	}
	total := 0.0
	for _, s := range scenarios() {
		total += s.share
	}
	for _, s := range scenarios() {
		got, want := float64(count[s.Name])/float64(frauds), s.share/total
		t.Logf("%-20s %4d transactions, %.3f of all fraud, meant %.3f", s.Name, count[s.Name], got, want)
		if got < want/2.5 || got > want*2.5 {
			t.Errorf("%s is %.3f of all fraud, meant %.3f", s.Name, got, want)
		}
	}
}
