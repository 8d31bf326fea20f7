package dashboards

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

type dependencyRow struct {
	Name    string
	Address string
	Up      bool
	Took    string
	Error   string
}

type letterRow struct {
	Topic  string
	Place  string
	Reason string
	Size   string
	Key    string // for admins
	Start  string // first bytes, for admins
}

// lagRow adds up the partitions of a topic.
type lagRow struct {
	Group, Topic string
	Partitions   int
	Records      string
	Worst        string // of one partition
	Behind       bool
}

type systemPage struct {
	shell
	Dependencies []dependencyRow
	Tiles        []tile
	Lags         []lagRow
	LagsKnown    bool
	Letters      []letterRow
	LettersTotal string
	Admin        bool
	Build        []metricRow
	Vendored     []vendored
}

func (s *Server) system(c *gin.Context) error {
	ctx := c.Request.Context()
	p := systemPage{
		shell: s.shell(c, "System", "system"), Dependencies: s.checkAll(ctx), Admin: currentUser(c).Role.includes(Admin),
		Vendored: s.assets.packages(), Build: []metricRow{{"skimwatch", orElse(s.opts.Version, "not recorded")}, {"Go", runtime.Version()},
			{"platform", runtime.GOOS + "/" + runtime.GOARCH}, {"goroutines", fmt.Sprint(runtime.NumGoroutine())}},
	}
	// This page is where one looks when something is down: what cannot be read is left out and said.
	if x, err := s.sampler.latest(ctx); err == nil {
		p.Tiles = systemTiles(x)
	}
	if letters, total, err := s.ports.DeadLetters.DeadLetters(ctx, 20); err == nil {
		p.Letters, p.LettersTotal = letterRows(letters, p.Admin), count(total)
	}
	if s.ports.Lags != nil {
		if lags, err := s.ports.Lags(ctx); err == nil {
			p.Lags, p.LagsKnown = lagRows(lags), true
		}
	}
	s.render(c, http.StatusOK, "system", p)
	return nil
}

// lagRows adds up what lies next to each other: the lags of one group and topic.
func lagRows(lags []Lag) (rows []lagRow) {
	for i := 0; i < len(lags); {
		first, sum, worst := i, int64(0), int64(0)
		for ; i < len(lags) && lags[i].Group == lags[first].Group && lags[i].Topic == lags[first].Topic; i++ {
			sum, worst = sum+lags[i].Records, max(worst, lags[i].Records)
		}
		rows = append(rows, lagRow{lags[first].Group, lags[first].Topic, i - first, count(sum), count(worst), sum > 10000})
	}
	return rows
}

func systemTiles(x sample) []tile {
	tx, _ := x.rates(10)
	return []tile{
		{Label: "Throughput", Value: number(round1(tx)) + " /s", Note: count(x.Live.Transactions) + " scored"},
		{Label: "Produce to alert, p50", Value: millis(x.Live.Latency.P50), Note: "last minute"},
		{Label: "Produce to alert, p99", Value: millis(x.Live.Latency.P99), Note: "worst " + millis(x.Live.Latency.Max)},
		silence(x),
		{Label: "Dead letters", Value: count(x.Live.DeadLetters), Note: "transactions that did not decode"},
	}
}

// checkAll asks every dependency at once and waits two seconds at most.
func (s *Server) checkAll(ctx context.Context) []dependencyRow {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	rows := make([]dependencyRow, len(s.ports.Dependencies))
	var wg sync.WaitGroup
	for i, d := range s.ports.Dependencies {
		wg.Go(func() {
			start := s.opts.Now()
			err := d.Check(ctx)
			rows[i] = dependencyRow{Name: d.Name, Address: d.Address, Up: err == nil, Took: millis((s.opts.Now() - start).Duration())}
			if err != nil {
				rows[i].Error = err.Error()
			}
		})
	}
	wg.Wait()
	return rows
}

func letterRows(letters []atm.DeadLetter, admin bool) []letterRow {
	var out []letterRow
	for _, l := range letters {
		r := letterRow{Topic: l.Topic, Place: fmt.Sprintf("%d / %d", l.Partition, l.Offset), Reason: hideDigits(l.Reason), Size: count(int64(len(l.Bytes))) + " B"}
		if admin {
			r.Key, r.Start = hideDigits(printable([]byte(l.Key), 80)), hideDigits(printable(l.Bytes, 80))
		}
		out = append(out, r)
	}
	return out
}

func printable(b []byte, n int) string {
	out := make([]rune, 0, n)
	for _, r := range string(b[:min(n, len(b))]) {
		if r < ' ' || r == 0xFFFD || r == 0x7f {
			r = '·'
		}
		out = append(out, r)
	}
	return string(out)
}

// hideDigits masks runs of twelve digits or more: a record that did not decode may hold anything, a card number too.
func hideDigits(text string) string {
	out := []rune(text)
	start := 0
	for i := 0; i <= len(out); i++ {
		if i < len(out) && out[i] >= '0' && out[i] <= '9' {
			continue
		}
		if i-start >= 12 {
			for k := start; k < i; k++ {
				out[k] = '•'
			}
		}
		start = i + 1
	}
	return string(out)
}
