package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"skimwatch/engine/atm"
	"skimwatch/models/dataset"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
)

// Files is a history in a file of transactions and one of labels. Lines that hold neither are passed over and counted.
type Files struct {
	In     string // as package file takes it; - cannot be read twice
	Labels string
	Warn   func(message string) // hears of lines that were passed over

	newest atm.Time
}

var _ Data = (*Files)(nil)

// Newest reads the whole file for its newest event time.
func (f *Files) Newest(ctx context.Context) (atm.Time, error) {
	if f.newest != 0 {
		return f.newest, nil
	}
	if f.In == file.Standard {
		return 0, daemon.Usage(errors.New("standard input can be read only once: give the time with a flag, or a file"))
	}
	n := 0
	for t, err := range f.transactions(ctx, func(*file.LineError) {}) {
		if err != nil {
			return 0, err
		}
		n++
		f.newest = max(f.newest, t.Time)
	}
	if n == 0 {
		return 0, daemon.Usage(fmt.Errorf("%s holds no transactions", f.In))
	}
	return f.newest, nil
}

// Set folds the file in its order.
func (f *Files) Set(ctx context.Context, keep dataset.Window, cutoff atm.Time) (*dataset.Set, error) {
	labels, err := f.labels(cutoff)
	if err != nil {
		return nil, err
	}
	bad := passed{path: f.In}
	set, err := dataset.Build(ctx, f.transactions(ctx, bad.over), keep)
	if err != nil {
		return nil, err
	}
	bad.tell(f.Warn)
	set.Label(labels)
	return set, nil
}

func (f *Files) labels(cutoff atm.Time) (*dataset.Labels, error) {
	labels := dataset.NewLabels(cutoff)
	bad := passed{path: f.Labels}
	err := file.Labels(f.Labels, func(l atm.Label) error { labels.Add(l); return nil }, func(e *file.LineError) error { bad.over(e); return nil })
	bad.tell(f.Warn)
	return labels, missing(err)
}

func (f *Files) transactions(ctx context.Context, bad func(*file.LineError)) iter.Seq2[*atm.Transaction, error] {
	return func(yield func(*atm.Transaction, error) bool) {
		r, err := file.OpenTransactions(f.In)
		if err != nil {
			yield(nil, missing(err))
			return
		}
		defer r.Close()
		var t atm.Transaction
		for ctx.Err() == nil {
			err := r.Next(&t)
			if err == io.EOF {
				return
			}
			if line, ok := file.BadLine(err); ok {
				bad(line)
				continue
			}
			if !yield(&t, err) || err != nil {
				return
			}
		}
		yield(nil, ctx.Err())
	}
}

// missing marks a file that is not there as the caller's mistake.
func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return daemon.Usage(err)
	}
	return err
}

// passed counts the lines of a file that were passed over.
type passed struct {
	path  string
	lines int
	first error
}

func (p *passed) over(e *file.LineError) {
	if p.lines++; p.lines == 1 {
		p.first = e
	}
}

func (p *passed) tell(warn func(string)) {
	if p.lines > 0 && warn != nil {
		warn(fmt.Sprintf("%d lines of %s were passed over; the first: %v", p.lines, p.path, p.first))
	}
}
