package bench

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/services/internal/daemon"
)

// Engine measures both stages in process.
type Engine struct{ Cards, Transactions, Trees int }

// EngineResult is what it found, the warm-up left out.
type EngineResult struct {
	Machine              machine `json:"machine"`
	Cards                int     `json:"cards"`
	Features             int     `json:"features"`
	Trees                int     `json:"trees"`
	Transactions         int     `json:"transactions"`
	Seconds              float64 `json:"seconds"`
	PerSecond            float64 `json:"transactions_per_second"` // on one goroutine
	NanosPerTransaction  float64 `json:"ns_per_transaction"`
	CPUPerMillion        float64 `json:"cpu_seconds_per_million"`
	AllocsPerTransaction float64 `json:"allocs_per_transaction"`
	BytesPerTransaction  float64 `json:"bytes_per_transaction"`
	HeapMiB              float64 `json:"heap_mib"` // the state and the model, without the records
	Alerts               int     `json:"alerts"`
}

// Run measures. What it does meanwhile goes to w.
func (e Engine) Run(ctx context.Context, w io.Writer) (*EngineResult, error) {
	done := stage(w, "train a forest of %d trees", e.Trees)
	model, err := learn(ctx, e.Trees)
	done()
	if err != nil {
		return nil, err
	}
	done = stage(w, "simulate %d transactions of %d cards", e.Transactions, e.Cards)
	all, err := records(e.Cards, e.Transactions)
	done()
	if err != nil {
		return nil, err
	}
	before := heap()
	p := engine.New(engine.Config{Partitions: 4, Model: model})
	var t atm.Transaction
	var s atm.Score
	alerts := 0
	push := func(records [][]byte) error {
		for i, b := range records {
			if i%10_000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := atm.Decode(b, &t); err != nil {
				return err
			}
			if p.Push(&t, &s); s.Decision == atm.Alerts {
				alerts++
			}
		}
		return nil
	}
	warm := len(all) / 5
	if err := push(all[:warm]); err != nil {
		return nil, err
	}
	alerts = 0
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	began, cpu := time.Now(), daemon.CPUSeconds()
	if err := push(all[warm:]); err != nil {
		return nil, err
	}
	wall, used := time.Since(began), daemon.CPUSeconds()-cpu
	runtime.ReadMemStats(&m1)
	n := float64(len(all) - warm)
	r := &EngineResult{Machine: thisMachine(), Cards: e.Cards, Features: feature.Size(), Trees: e.Trees, Transactions: len(all) - warm, Seconds: wall.Seconds(),
		PerSecond: n / wall.Seconds(), NanosPerTransaction: float64(wall.Nanoseconds()) / n, CPUPerMillion: used / n * 1e6,
		AllocsPerTransaction: float64(m1.Mallocs-m0.Mallocs) / n, BytesPerTransaction: float64(m1.TotalAlloc-m0.TotalAlloc) / n, HeapMiB: heap() - before, Alerts: alerts}
	runtime.KeepAlive(p)
	runtime.KeepAlive(all)
	return r, nil
}

// heap returns the live heap in MiB.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func (r *EngineResult) write(w io.Writer) error {
	_, err := fmt.Fprintf(w, `engine in process, one goroutine: JSON in memory → decision
  %d transactions of %d cards, %d features, forest of %d trees, %s on %d cores
  %.0f transactions/s    %.0f ns each    %.2f CPU seconds a million
  %.2f allocations and %.0f bytes each    %.0f MiB of state    %d alerts
`, r.Transactions, r.Cards, r.Features, r.Trees, r.Machine.Go, r.Machine.Cores, r.PerSecond, r.NanosPerTransaction, r.CPUPerMillion, r.AllocsPerTransaction, r.BytesPerTransaction, r.HeapMiB, r.Alerts)
	return err
}
