package dashboards

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// seriesAnswer is the course of the tiles' figures: one row per second, null where nothing is known.
type seriesAnswer struct {
	T            []int64    `json:"t"` // seconds since the Unix epoch
	Transactions []*float64 `json:"transactions"`
	Alerts       []*float64 `json:"alerts"`
	P50          []*float64 `json:"p50"` // milliseconds
	P99          []*float64 `json:"p99"`
	Open         []*float64 `json:"open"`
	Precision    []*float64 `json:"precision"` // percent
	Recall       []*float64 `json:"recall"`
}

func (s *Server) overviewSeries(c *gin.Context) error {
	live, err := s.ports.Counters.Live(c.Request.Context(), keptSamples)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, s.sampler.series(live.Ticks))
	return nil
}

// series joins the ticks of the counters with the samples of this process, second by second.
func (m *sampler) series(ticks []Tick) seriesAnswer {
	m.mu.Lock()
	defer m.mu.Unlock()
	bySecond := map[int64]sample{}
	first, last := int64(0), int64(-1)
	for _, x := range m.kept {
		bySecond[int64(x.At/atm.Second)] = x
	}
	byTick := map[int64]Tick{}
	for _, t := range ticks {
		byTick[int64(t.At/atm.Second)] = t
	}
	if len(ticks) > 0 {
		first, last = int64(ticks[0].At/atm.Second), int64(ticks[len(ticks)-1].At/atm.Second)
	}
	if len(m.kept) > 0 {
		last = max(last, int64(m.kept[len(m.kept)-1].At/atm.Second))
		if len(ticks) == 0 {
			first = int64(m.kept[0].At / atm.Second)
		}
	}
	var out seriesAnswer
	for sec := max(first, last-keptSamples); sec < last; sec++ { // the running second is left out
		out.add(sec, byTick, bySecond)
	}
	return out
}

// lastSecond is the row of the last whole second before the sample.
func (x sample) lastSecond() seriesAnswer {
	sec := int64(x.At/atm.Second) - 1
	ticks := map[int64]Tick{}
	for _, t := range x.Live.Ticks {
		ticks[int64(t.At/atm.Second)] = t
	}
	var out seriesAnswer
	out.add(sec, ticks, map[int64]sample{sec: x})
	return out
}

func (a *seriesAnswer) add(sec int64, ticks map[int64]Tick, samples map[int64]sample) {
	known := func(x float64, ok bool) *float64 {
		if !ok {
			return nil
		}
		return new(round6(x))
	}
	t := ticks[sec] // a second without a tick is one in which nothing happened
	x, sampled := samples[sec]
	precision, judged := x.Truth.Precision()
	recall, frauds := x.Truth.Recall()
	a.T = append(a.T, sec)
	a.Transactions = append(a.Transactions, known(float64(t.Transactions), true))
	a.Alerts = append(a.Alerts, known(float64(t.Alerts), true))
	a.P50 = append(a.P50, known(t.P50.Seconds()*1000, t.P50 > 0))
	a.P99 = append(a.P99, known(t.P99.Seconds()*1000, t.P99 > 0))
	a.Open = append(a.Open, known(float64(x.Counts.Open), sampled))
	a.Precision = append(a.Precision, known(100*precision, judged))
	a.Recall = append(a.Recall, known(100*recall, frauds))
}
