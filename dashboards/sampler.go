package dashboards

import (
	"context"
	"sync"
	"time"

	"skimwatch/engine/atm"
)

// keptSamples is a quarter of an hour of seconds.
const keptSamples = 900

// sample is the state of everything at one second of processing time.
type sample struct {
	At     atm.Time
	Live   Live
	Counts StatusCounts
	Truth  Truth
}

// sampler asks the ports for the figures once a second, whatever the number of browsers, and keeps the last ones.
type sampler struct {
	s    *Server
	mu   sync.Mutex
	kept []sample

	truth   Truth // counted anew every truthEvery: it looks at every alert and every fraud
	truthAt atm.Time
}

const truthEvery = 5 * atm.Second

func newSampler(s *Server) *sampler { return &sampler{s: s} }

func (m *sampler) run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := m.take(ctx); err != nil {
			m.s.logStop(ctx, "take the live figures", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// latest returns a sample of the last two seconds, taking one if nobody else does.
func (m *sampler) latest(ctx context.Context) (sample, error) {
	m.mu.Lock()
	if n := len(m.kept); n > 0 && m.s.opts.Now()-m.kept[n-1].At < 2*atm.Second {
		defer m.mu.Unlock()
		return m.kept[n-1], nil
	}
	m.mu.Unlock()
	return m.take(ctx)
}

func (m *sampler) take(ctx context.Context) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	x := sample{At: m.s.opts.Now()}
	var err error
	if x.Live, err = m.s.ports.Counters.Live(ctx, 60); err != nil {
		return sample{}, err
	}
	if x.Counts, err = m.s.ports.Statistics.StatusCounts(ctx); err != nil {
		return sample{}, err
	}
	if x.Truth, err = m.truthAbout(ctx, x.At); err != nil {
		return sample{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept = append(m.kept, x); len(m.kept) > keptSamples {
		m.kept = append(m.kept[:0], m.kept[len(m.kept)-keptSamples:]...)
	}
	return x, nil
}

func (m *sampler) truthAbout(ctx context.Context, now atm.Time) (Truth, error) {
	m.mu.Lock()
	known, at := m.truth, m.truthAt
	m.mu.Unlock()
	if at != 0 && now-at < truthEvery {
		return known, nil
	}
	t, err := m.s.ports.Statistics.Truth(ctx, m.s.opts.LiveSince)
	if err != nil {
		return Truth{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.truth, m.truthAt = t, now
	return t, nil
}

// rates are over the whole seconds among the last n ticks before at, the running second left out.
func (x sample) rates(n int) (transactions, alerts float64) {
	from, until := x.At-atm.Time(n+1)*atm.Second, x.At-x.At%atm.Second
	for _, t := range x.Live.Ticks {
		if t.At > from && t.At < until {
			transactions += float64(t.Transactions)
			alerts += float64(t.Alerts)
		}
	}
	return transactions / float64(n), alerts / float64(n)
}
