package daemon

import (
	"io"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics are the figures a process shows on /metrics. Safe for concurrent use.
type Metrics struct{ set *metrics.Set }

// NewMetrics returns an empty set.
func NewMetrics() *Metrics { return &Metrics{metrics.NewSet()} }

// Counter returns the counter of that name, made at its first use. Names follow Prometheus: skimwatch_scored_total{stage="card"}.
func (m *Metrics) Counter(name string) *metrics.Counter { return m.set.GetOrCreateCounter(name) }

// Histogram returns the histogram of that name, made at its first use. Observe seconds or bytes.
func (m *Metrics) Histogram(name string) *metrics.Histogram { return m.set.GetOrCreateHistogram(name) }

// Gauge shows the value of f whenever /metrics is read; f must be safe from any goroutine.
func (m *Metrics) Gauge(name string, f func() float64) { m.set.GetOrCreateGauge(name, f) }

// Write writes everything in Prometheus text format, with the process's own CPU, memory and Go figures.
func (m *Metrics) Write(w io.Writer) {
	m.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}
