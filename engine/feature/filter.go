package feature

import (
	"slices"
	"strings"

	"skimwatch/engine/atm"
)

// filter selects events by the values of their fields.
type filter struct {
	one   string // for sentences
	noun  string // the same in the plural
	where map[string][]string
}

// The filters of the catalogue.
var (
	every       = filter{"transaction", "transactions", nil}
	withdrawals = filter{"approved withdrawal", "approved withdrawals", where("kind", "withdrawal", "response", "00")}
	declines    = filter{"declined attempt", "declined attempts", map[string][]string{"response": {"14", "41", "43", "51", "54", "57", "61", "62", "65"}}}
	wrongPINs   = filter{"wrong PIN", "wrong PINs", map[string][]string{"response": {"55", "75"}}}
	stripes     = filter{"stripe read", "stripe reads", map[string][]string{"entry": {"magstripe", "fallback"}}}
	tapped      = filter{"contactless use", "contactless uses", where("entry", "contactless")}
	changes     = filter{"change of PIN, limit or contact", "changes of PIN, limit or contact", map[string][]string{"kind": {"pin_change", "limit_change", "contact_change"}}}
	notices     = filter{"travel notice", "travel notices", where("kind", "travel_notice")}
	balances    = filter{"balance enquiry", "balance enquiries", where("kind", "balance")}
	credits     = filter{"credit", "credits", map[string][]string{"kind": {"deposit", "transfer"}, "response": {"00"}}}
	reversals   = filter{"reversal", "reversals", where("kind", "reversal")}
	fallbacks   = filter{"chip fallback", "chip fallbacks", where("entry", "fallback")}
	dispenses   = filter{"cash dispense", "cash dispenses", where("kind", "dispense")}
)

// where builds the conditions of a filter with one allowed value per field.
func where(pairs ...string) map[string][]string {
	m := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = []string{pairs[i+1]}
	}
	return m
}

// mask is a filter made ready: bits over the names of the enumerations, zero for no condition.
type mask struct {
	kinds, entries uint32
	responses      []string
}

func (f filter) mask() mask {
	return mask{bits(atm.Kinds[:], f.where["kind"]), bits(atm.Entries[:], f.where["entry"]), f.where["response"]}
}

func bits(names, chosen []string) (set uint32) {
	for _, c := range chosen {
		i := slices.Index(names, c)
		if i < 0 {
			panic("BUG: a filter of the catalogue names " + c)
		}
		set |= 1 << i
	}
	return set
}

func (m *mask) takes(t *atm.Transaction) bool {
	return (m.kinds == 0 || m.kinds>>t.Kind&1 == 1) &&
		(m.entries == 0 || m.entries>>t.Entry&1 == 1) &&
		(m.responses == nil || slices.Contains(m.responses, string(t.Response)))
}

// sieve gives events the class bits of a list of filters. Each field has the bits of the filters that let its value pass; an
// event has the bits that all its fields have.
type sieve struct {
	masks     []mask
	kinds     [256]uint32 // by the whole byte: no bounds to check
	entries   [256]uint32
	responses []answered // those that filters name
	other     uint32     // for all other responses
}

// answered are the filters that let a response pass.
type answered struct {
	response atm.Response
	class    uint32
}

// class returns the bit of a filter, adding it to the sieve, and no bit for the filter that every event passes.
func (s *sieve) class(f filter) uint32 {
	if f.where == nil {
		return 0
	}
	m := f.mask()
	for i := range s.masks {
		if o := &s.masks[i]; o.kinds == m.kinds && o.entries == m.entries && slices.Equal(o.responses, m.responses) {
			return 1 << i
		}
	}
	s.masks = append(s.masks, m)
	if len(s.masks) > 31 {
		panic("BUG: more filters than bits in a class")
	}
	return 1 << (len(s.masks) - 1)
}

// ready lays out the bits by field, once all filters are known.
func (s *sieve) ready() {
	for _, m := range s.masks {
		for _, r := range m.responses {
			if !slices.ContainsFunc(s.responses, func(a answered) bool { return string(a.response) == r }) {
				s.responses = append(s.responses, answered{response: atm.Response(r)})
			}
		}
	}
	slices.SortFunc(s.responses, func(a, b answered) int { return strings.Compare(string(a.response), string(b.response)) }) // approved first
	for i := range s.masks {
		m, bit := &s.masks[i], uint32(1)<<i
		for k := range s.kinds {
			s.kinds[k] |= bit * pass(m.kinds == 0 || m.kinds>>k&1 == 1)
		}
		for k := range s.entries {
			s.entries[k] |= bit * pass(m.entries == 0 || m.entries>>k&1 == 1)
		}
		for k := range s.responses {
			s.responses[k].class |= bit * pass(m.responses == nil || slices.Contains(m.responses, string(s.responses[k].response)))
		}
		s.other |= bit * pass(m.responses == nil)
	}
}

func pass(yes bool) uint32 {
	if yes {
		return 1
	}
	return 0
}

// sort returns the class of t.
func (s *sieve) sort(t *atm.Transaction) uint32 {
	class := s.kinds[t.Kind] & s.entries[t.Entry]
	for i := range s.responses {
		if s.responses[i].response == t.Response {
			return class & s.responses[i].class
		}
	}
	return class & s.other
}
