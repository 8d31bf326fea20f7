package window

// tally counts, per value, how many events of each distinct-counted window hold it: a small open-addressing table with linear
// probing. A value that no window holds is taken out, so that the table grows with what is held at one time only.
type tally struct {
	slots []slot // length zero or a power of two
	used  int
}

type slot struct {
	value  uint64 // zero is free
	counts [maxDistinct]uint32
}

// at returns the slot of a value, a new one when the value is not held. It stays valid until the next call of at or release.
func (t *tally) at(value uint64) *slot {
	if t.used*2 >= len(t.slots) {
		t.grow()
	}
	s := t.find(value)
	if s.value == 0 {
		s.value = value
		t.used++
	}
	return s
}

// has reports whether a value is held.
func (t *tally) has(value uint64) bool { return t.used > 0 && t.find(value).value != 0 }

// find returns the slot of a value, or the free one where it belongs.
func (t *tally) find(value uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := value & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.value == value || s.value == 0 {
			return s
		}
	}
}

// release takes a value out if no window holds it, and closes the gap (D. Knuth, TAOCP vol. 3, 6.4, algorithm R).
func (t *tally) release(s *slot) {
	if s.counts != [maxDistinct]uint32{} {
		return
	}
	mask := uint64(len(t.slots) - 1)
	gap := s.value & mask
	for &t.slots[gap] != s {
		gap = (gap + 1) & mask
	}
	for i := (gap + 1) & mask; t.slots[i].value != 0; i = (i + 1) & mask {
		if home := t.slots[i].value & mask; (i-home)&mask >= (i-gap)&mask {
			t.slots[gap] = t.slots[i]
			gap = i
		}
	}
	t.slots[gap] = slot{}
	t.used--
}

func (t *tally) grow() {
	old := t.slots
	t.slots = make([]slot, max(4, 2*len(old)))
	for i := range old {
		if old[i].value != 0 {
			*t.find(old[i].value) = old[i]
		}
	}
}
