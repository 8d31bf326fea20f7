package window

import (
	"fmt"

	"skimwatch/engine/wire"
)

// AppendBinary appends the events and the floor; running values are computed again on reading.
func (r *Ring) AppendBinary(b []byte) []byte {
	b = wire.Uint(wire.Uint(b, uint64(r.end-r.head)), uint64(r.Len()))
	last := int64(0)
	for i := r.first; i < r.end; i++ {
		e := r.at(i)
		b = wire.Int(b, e.Time-last)
		last = e.Time
		b = wire.Fixed(b, e.ID)
		b = wire.Int(b, e.Amount)
		b = wire.Fixed(wire.Fixed(b, e.Value[0]), e.Value[1])
		b = wire.Uint(b, uint64(e.Class))
		b = wire.Float(wire.Float(b, float64(e.Lat)), float64(e.Lon))
	}
	if !r.dropped {
		return append(b, 0)
	}
	return wire.Int(append(b, 1), r.floor)
}

// ReadBinary reads what AppendBinary appended into the zero Ring; errors stay in src.
func (r *Ring) ReadBinary(p *Plan, src *wire.Reader) {
	*r = Ring{}
	r.init(p)
	last, waiting := int64(0), src.Uint()
	n := src.Count(43)
	if waiting > uint64(n) {
		src.Fail(fmt.Errorf("%d of %d events wait", waiting, n))
		return
	}
	for range n {
		e := Event{Time: last + src.Int(), ID: src.Fixed(), Amount: src.Int(), Value: [2]uint64{src.Fixed(), src.Fixed()}, Class: uint32(src.Uint()), Lat: float32(src.Float()), Lon: float32(src.Float())}
		if r.Len() > 0 && e.Time < last {
			src.Fail(fmt.Errorf("event at %d lies before the one ahead of it, %d", e.Time, last))
			return
		}
		last = e.Time
		r.insert(r.end, &e)
		if r.end <= n-int(waiting) {
			r.advance(p, e.Time)
		}
	}
	if src.Byte() == 1 {
		r.floor, r.dropped = src.Int(), true
	}
}
