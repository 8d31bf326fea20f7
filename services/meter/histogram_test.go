package meter

import (
	"testing"
	"time"
)

func TestHistogram(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
	for i := range 1000 {
		h.Add(time.Duration(i+1) * time.Millisecond)
	}
	f := func(q float64, want time.Duration) {
		t.Helper()
		got := h.Quantile(q)
		if off := float64(got-want) / float64(want); off > 0.001 || off < -0.02 {
			t.Errorf("quantile %g is %s, want %s within a bucket", q, got, want)
		}
	}
	f(0.5, 501*time.Millisecond)
	f(0.99, 991*time.Millisecond)
	f(1, time.Second)
	h.Add(0)
	h.Add(-time.Second)
	h.Add(1000 * time.Hour)
	if h.N() != 1003 || h.Quantile(0) != time.Microsecond || h.Quantile(1) < 24*time.Hour {
		t.Errorf("%d durations, from %s to %s", h.N(), h.Quantile(0), h.Quantile(1))
	}
}

// Buckets meet without gap or overlap.
func TestBuckets(t *testing.T) {
	for i := range len(Histogram{}.buckets) - 1 {
		if bucket(lower(i)) != i || bucket(lower(i+1)-1) != i {
			t.Fatalf("bucket %d begins at %d µs, the next at %d", i, lower(i), lower(i+1))
		}
	}
}

func TestOffsets(t *testing.T) {
	var o offsets
	f := func(n int64, isNew bool) {
		t.Helper()
		if got := o.add(n); got != isNew {
			t.Errorf("%d: new %v, want %v", n, got, isNew)
		}
	}
	f(0, true)
	f(0, false)
	f(1000, true)
	f(63, true)
	f(64, true)
	f(64, false)
	f(1000, false)
}
