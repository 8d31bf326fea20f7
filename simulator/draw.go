package simulator

import (
	"math"
	"math/rand/v2"
	"sort"

	"skimwatch/engine/atm"
)

// Streams of randomness are kept apart by these tags, so that one more draw in one place moves nothing elsewhere.
const (
	drawTerminals uint64 = iota + 1
	drawCards
	drawDay
	drawTown
	drawHost
	drawCrime
	drawIdentity
	drawWire
	drawKey
)

// stream is a source of random numbers that can be set to any of countless fixed starting points without allocating.
// What it gives is rounded to notes, microseconds or grid points before it is used, so that a processor which fuses
// multiplication and addition draws the same world.
type stream struct {
	pcg rand.PCG
	rand.Rand
}

func newStream() *stream {
	s := &stream{}
	s.Rand = *rand.New(&s.pcg)
	return s
}

// at sets the stream to the starting point that belongs to the four keys.
func (s *stream) at(seed, tag, a, b uint64) *stream {
	hi := mix(mix(mix(seed)^tag) ^ a)
	s.pcg.Seed(hi, mix(hi^b))
	return s
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (s *stream) chance(p float64) bool { return s.Float64() < p }

// between draws an instant or a span in [lo, hi).
func (s *stream) between(lo, hi atm.Time) atm.Time {
	if hi <= lo {
		return lo
	}
	return lo + atm.Time(s.Int64N(int64(hi-lo)))
}

// number draws a whole number in [lo, hi].
func (s *stream) number(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + s.IntN(hi-lo+1)
}

// poisson draws a count by Knuth's product of uniforms; mean stays small here. Large means are split.
func (s *stream) poisson(mean float64) int {
	n := 0
	for mean > 20 {
		n, mean = n+s.poisson(20), mean-20
	}
	limit, product := math.Exp(-mean), s.Float64()
	for product > limit {
		product *= s.Float64()
		n++
	}
	return n
}

// spread draws a log-normal factor around 1: half of the draws lie below 1.
func (s *stream) spread(sigma float64) float64 { return math.Exp(s.NormFloat64() * sigma) }

// weights is a cumulative table to draw indices from.
type weights []float64

func newWeights(n int, weight func(i int) float64) weights {
	w, sum := make(weights, n), 0.0
	for i := range w {
		sum += weight(i)
		w[i] = sum
	}
	return w
}

func (w weights) total() float64 {
	if len(w) == 0 {
		return 0
	}
	return w[len(w)-1]
}

// find returns the index at share q in [0, 1) of the total.
func (w weights) find(q float64) int {
	return min(sort.SearchFloat64s(w, math.Nextafter(q*w.total(), math.Inf(1))), len(w)-1)
}

func (s *stream) pick(w weights) int { return w.find(s.Float64()) }

// notes rounds minor units to what a machine pays: tens below one hundred, then mostly fifties, never less than ten.
func (s *stream) notes(minor float64) int64 {
	step := 1000.0
	if minor >= 10000 && s.chance(0.7) {
		step = 5000
	}
	return max(1000, int64(math.Round(minor/step))*int64(step))
}
