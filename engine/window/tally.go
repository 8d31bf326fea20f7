package window

// tally counts, per value, how many events of each distinct-counted window hold it: a small open-addressing table. A value
// whose counts are all zero is dropped when the table is laid anew.
type tally struct {
	slots []slot // length zero or a power of two
	used  int
}

type slot struct {
	value  uint64 // zero is free
	counts [maxDistinct]uint32
}

// add changes the count of a value in one window and returns the count after it.
func (t *tally) add(value uint64, window int, delta int32) uint32 {
	if t.used*2 >= len(t.slots) {
		t.grow()
	}
	s := t.find(value)
	if s.value == 0 {
		s.value = value
		t.used++
	}
	s.counts[window] += uint32(delta)
	return s.counts[window]
}

// find returns the slot of a value, or the free one where it belongs.
func (t *tally) find(value uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := value & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.value == value || s.value == 0 {
			return s
		}
	}
}

// grow lays the table anew, without the values that no window holds any more.
func (t *tally) grow() {
	live := 0
	for i := range t.slots {
		if t.slots[i].counts != [maxDistinct]uint32{} {
			live++
		}
	}
	size := 4
	for size < live*4 {
		size *= 2
	}
	old := t.slots
	t.slots, t.used = make([]slot, size), live
	for i := range old {
		if old[i].counts != [maxDistinct]uint32{} {
			*t.find(old[i].value) = old[i]
		}
	}
}
