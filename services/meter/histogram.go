// Package meter measures a running system from the outside, by what stands in its topics: how many transactions were answered,
// how long that took until the answer could be read, and how good the answers were where the truth is known.
package meter

import (
	"math/bits"
	"time"
)

// fine is how many buckets a power of two is cut into, so that a quantile is off by at most 1/fine of itself.
const fine = 64

// Histogram counts durations in buckets of 1.6 % width. The zero value is empty. It is not safe for concurrent use.
type Histogram struct {
	buckets [48 * fine]int64 // up to a day and more
	n       int64
}

// Add counts d; below a microsecond counts as one.
func (h *Histogram) Add(d time.Duration) {
	us := uint64(max(d.Microseconds(), 1))
	h.buckets[min(bucket(us), len(h.buckets)-1)]++
	h.n++
}

// N returns how many durations were counted.
func (h *Histogram) N() int64 { return h.n }

// Quantile returns the q-th quantile (0 to 1), zero when nothing was counted.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := int64(q * float64(h.n))
	for i, n := range h.buckets {
		if rank -= n; rank < 0 || rank == 0 && q == 1 {
			return time.Duration(lower(i)) * time.Microsecond
		}
	}
	return 0
}

// bucket maps microseconds to a bucket: exact below fine, then fine buckets per power of two.
func bucket(us uint64) int {
	if us < fine {
		return int(us)
	}
	shift := bits.Len64(us) - bits.Len64(fine)
	return (shift+1)*fine + int(us>>shift) - fine
}

// lower returns the smallest value of a bucket.
func lower(i int) uint64 {
	if i < fine {
		return uint64(i)
	}
	shift := i/fine - 1
	return uint64(i%fine+fine) << shift
}
