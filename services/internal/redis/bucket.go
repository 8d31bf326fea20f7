package redis

import (
	"math"
	"strconv"
	"time"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// Latencies are counted in buckets whose bounds grow by a factor of 2^(1/8), so that a percentile is at most 4.5 % off.
const perDoubling = 8

// The fields of a second's hash that hold buckets are these and the bucket's number.
const (
	scoreBucket = "s" // produced to scored
	alertBucket = "a" // produced to raised
)

// bucket returns the number of a latency's bucket. Latencies under a microsecond, and negative ones of clocks that disagree, are in 0.
func bucket(latency atm.Time) string {
	if latency <= 1 {
		return "0"
	}
	return strconv.Itoa(int(perDoubling * math.Log2(float64(latency))))
}

// middle returns the geometric middle of a bucket.
func middle(number int) time.Duration {
	return time.Duration(math.Exp2((float64(number)+0.5)/perDoubling) * float64(time.Microsecond))
}

// distribution counts latencies by bucket.
type distribution map[int]int64

// percentile returns the latency below which that share of them lies; 0 when there are none.
func (d distribution) percentile(share float64) time.Duration {
	highest, total := 0, int64(0)
	for b, n := range d {
		highest, total = max(highest, b), total+n
	}
	rank := int64(math.Ceil(share * float64(total)))
	if total == 0 {
		return 0
	}
	for b, below := 0, int64(0); b <= highest; b++ {
		if below += d[b]; below >= rank {
			return middle(b)
		}
	}
	return middle(highest)
}

func (d distribution) count() (n int64) {
	for _, c := range d {
		n += c
	}
	return n
}

// latency sums d up; longest is the exact maximum, in microseconds.
func (d distribution) latency(longest int64) dashboards.Latency {
	most := time.Duration(longest) * time.Microsecond
	return dashboards.Latency{Count: d.count(), P50: min(d.percentile(0.5), most), P99: min(d.percentile(0.99), most), Max: most}
}
