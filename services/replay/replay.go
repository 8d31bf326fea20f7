// Package replay runs the engine over a file of transactions in one process, without a broker: the same folds as the
// services, and so the same answers.
package replay

import (
	"context"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"skimwatch/engine"
	"skimwatch/engine/atm"
	"skimwatch/engine/score"
	"skimwatch/services/internal/file"
)

// Config says what to replay and where to.
type Config struct {
	In  string // path of transactions, as package file takes it
	Out string // path of the answers, NDJSON, one per transaction in input order

	Model      score.Version
	Dead       func(*file.LineError) error // takes the lines that hold no transaction, in order
	Each       func(*atm.Score)            // sees every answer, in order; optional. The score is its only until it returns
	OnProgress func(Summary)               // is told now and then; optional
}

// Summary is what a replay did, so far or in all.
type Summary struct {
	Transactions int64
	Alerts       int64
	Late         int64
	Duplicates   int64
	Future       int64
	Malformed    int64
	First, Last  atm.Time // event times, the smallest and the largest
	Took         time.Duration
}

// PerSecond returns how many transactions were replayed per second.
func (s Summary) PerSecond() float64 { return float64(s.Transactions) / max(s.Took.Seconds(), 1e-9) }

// batchSize is how many lines go from one goroutine to the next at once.
const batchSize = 256

// batch is a run of lines on its way through reading, folding and writing.
type batch struct {
	transactions []atm.Transaction
	bad          []*file.LineError
	scores       []atm.Score // as long as transactions once folded; slices and vectors are used again
	text         []byte
}

// run holds the three stages of one replay.
type run struct {
	Config
	read, folded, free chan *batch
	sum                Summary
	began              time.Time
}

// Run replays. When it returns an error, or ctx ends, nothing stands under the name of Out.
func Run(ctx context.Context, c Config) (Summary, error) {
	in, err := file.OpenTransactions(c.In)
	if err != nil {
		return Summary{}, err
	}
	defer in.Close()
	out, err := file.Create(c.Out)
	if err != nil {
		return Summary{}, err
	}
	defer out.Abort()
	r := &run{Config: c, read: make(chan *batch, 4), folded: make(chan *batch, 4), free: make(chan *batch, 16), began: time.Now()}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { defer close(r.read); return r.reading(ctx, in) })
	g.Go(func() error { defer close(r.folded); return r.folding(ctx) })
	g.Go(func() error { return r.writing(ctx, out) })
	if err := g.Wait(); err != nil {
		return r.sum, err
	}
	if err := out.Close(); err != nil {
		return r.sum, err
	}
	r.sum.Took = time.Since(r.began)
	return r.sum, nil
}

// reading decodes lines into batches.
func (r *run) reading(ctx context.Context, in *file.TransactionReader) error {
	for {
		b := r.empty()
		err := b.fill(in)
		if err != nil && err != io.EOF {
			return err
		}
		if sending := send(ctx, r.read, b); sending != nil || err == io.EOF {
			return sending
		}
	}
}

// empty returns a batch that is done with, or a new one.
func (r *run) empty() *batch {
	select {
	case b := <-r.free:
		b.transactions, b.bad, b.text = b.transactions[:0], b.bad[:0], b.text[:0]
		return b
	default:
		return &batch{transactions: make([]atm.Transaction, 0, batchSize), scores: make([]atm.Score, batchSize)}
	}
}

// fill reads until the batch is full; io.EOF says that the file ended.
func (b *batch) fill(in *file.TransactionReader) error {
	for len(b.transactions) < batchSize && len(b.bad) < batchSize {
		n := len(b.transactions)
		b.transactions = b.transactions[:n+1]
		err := in.Next(&b.transactions[n])
		if err == nil {
			continue
		}
		b.transactions = b.transactions[:n]
		line, ok := file.BadLine(err)
		if !ok {
			return err
		}
		b.bad = append(b.bad, line)
	}
	return nil
}

// folding runs the engine; it alone touches the engine's state and the summary.
func (r *run) folding(ctx context.Context) error {
	p := engine.New(engine.Config{Model: r.Model})
	told := r.began
	for b := range r.read {
		for _, line := range b.bad {
			r.sum.Malformed++
			if err := r.Dead(line); err != nil {
				return err
			}
		}
		for i := range b.transactions {
			s := &b.scores[i]
			p.Push(&b.transactions[i], s)
			r.sum.count(s)
			if r.Each != nil {
				r.Each(s)
			}
		}
		if now := time.Now(); r.OnProgress != nil && now.Sub(told) >= time.Second {
			told, r.sum.Took = now, now.Sub(r.began)
			r.OnProgress(r.sum)
		}
		if err := send(ctx, r.folded, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *Summary) count(a *atm.Score) {
	t := a.Transaction.Time
	if s.Transactions == 0 {
		s.First, s.Last = t, t
	}
	s.First, s.Last = min(s.First, t), max(s.Last, t)
	s.Transactions++
	if a.Decision == atm.Alerts {
		s.Alerts++
	}
	for _, f := range [...]struct {
		bit atm.Flags
		n   *int64
	}{{atm.Late, &s.Late}, {atm.Duplicate, &s.Duplicates}, {atm.Future, &s.Future}} {
		if a.Flags&f.bit != 0 {
			*f.n++
		}
	}
}

// writing encodes the answers and gives the batches back.
func (r *run) writing(ctx context.Context, out *file.Writer) (err error) {
	for b := range r.folded {
		for i := range b.transactions {
			if b.text, err = score.AppendJSON(b.text, &b.scores[i]); err != nil {
				return err
			}
			b.text = append(b.text, '\n')
		}
		if _, err := out.Write(b.text); err != nil {
			return err
		}
		select {
		case r.free <- b:
		default:
		}
	}
	return ctx.Err()
}

func send(ctx context.Context, to chan<- *batch, b *batch) error {
	select {
	case to <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
