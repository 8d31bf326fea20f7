package window

import (
	"fmt"
	"testing"
)

// BenchmarkRing adds events in order to a ring that keeps a number of them, with the duplicate check of every event.
func BenchmarkRing(b *testing.B) {
	for _, kept := range []int64{10, 100, 4000} {
		b.Run(fmt.Sprint(kept), func(b *testing.B) {
			p := testPlan(b, 1<<17)
			step := p.keep / kept
			var r Ring
			out := make([]int64, p.Size())
			e := Event{Time: 1e15}
			n := 0
			push := func() {
				n++
				e.Time, e.ID = e.Time+step, uint64(n)*0x9e3779b97f4a7c15>>7|1
				e.Value = [2]uint64{uint64(n%7+1) * 0x9e3779b97f4a7c15 >> 7, 5}
				if !r.Has(e.ID) {
					r.Add(p, &e, e.Time, out)
				}
			}
			for range 2 * kept {
				push()
			}
			b.ReportAllocs()
			for b.Loop() {
				push()
			}
		})
	}
}
