package simulator

import "skimwatch/engine/atm"

// wearOut draws the months in which an honest card's chip often cannot be read, before the bank replaces it.
func wearOut(r *stream) days {
	from := int32(r.number(-100, 200))
	return days{from, from + int32(r.number(40, 150))}
}

// read is how the owner's card is read on this visit.
func (c *card) read(r *stream, day int) atm.Entry {
	switch {
	case c.entry == atm.Magstripe:
		return atm.Magstripe
	case c.worn.contains(day) && r.chance(0.6):
		return atm.Fallback
	case r.chance(c.taps):
		return atm.Contactless
	case r.chance(0.004): // dirt, or a machine with a tired reader
		return atm.Fallback
	}
	return atm.Chip
}
