package feature

import (
	"slices"

	"skimwatch/engine/atm"
)

// filter selects events by the values of their fields.
type filter struct {
	noun  string // plural, for sentences
	where map[string][]string
}

// The filters of the catalogue.
var (
	every       = filter{"transactions", nil}
	withdrawals = filter{"approved withdrawals", where("kind", "withdrawal", "response", "00")}
	declines    = filter{"declined attempts", map[string][]string{"response": {"14", "41", "43", "51", "54", "57", "61", "62", "65"}}}
	wrongPINs   = filter{"wrong PINs", map[string][]string{"response": {"55", "75"}}}
	stripes     = filter{"stripe reads", map[string][]string{"entry": {"magstripe", "fallback"}}}
	tapped      = filter{"contactless uses", where("entry", "contactless")}
	changes     = filter{"changes of PIN, limit or contact", map[string][]string{"kind": {"pin_change", "limit_change", "contact_change"}}}
	notices     = filter{"travel notices", where("kind", "travel_notice")}
	balances    = filter{"balance enquiries", where("kind", "balance")}
	credits     = filter{"credits", map[string][]string{"kind": {"deposit", "transfer"}, "response": {"00"}}}
	reversals   = filter{"reversals", where("kind", "reversal")}
	fallbacks   = filter{"chip fallbacks", where("entry", "fallback")}
	dispenses   = filter{"cash dispenses", where("kind", "dispense")}
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

// sieve gives events the class bits of a list of filters.
type sieve struct{ masks []mask }

// class returns the bit of a filter, adding it to the sieve; every event passes bit 0.
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
	return 1 << (len(s.masks) - 1)
}

func (s *sieve) sort(t *atm.Transaction) (class uint32) {
	for i := range s.masks {
		if s.masks[i].takes(t) {
			class |= 1 << i
		}
	}
	return class
}
