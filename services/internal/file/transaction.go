package file

import (
	"bytes"
	"fmt"
	"io"

	"skimwatch/engine/atm"
)

// TransactionWriter writes transactions, one per line: CSV when the path ends in .csv (or .csv.gz, .csv.zst), else NDJSON.
type TransactionWriter struct {
	*Writer
	csv    bool
	buffer []byte
}

// CreateTransactions opens path for writing transactions; see Create. A CSV file begins with its header.
func CreateTransactions(path string) (*TransactionWriter, error) {
	w, err := Create(path)
	if err != nil {
		return nil, err
	}
	t := &TransactionWriter{Writer: w, csv: isCSV(path)}
	if t.csv {
		w.Write(appendHeader(nil))
	}
	return t, nil
}

// Put writes one transaction. One with a line end in a field cannot stand in a row of CSV: that is an error, and the row
// is left out.
func (w *TransactionWriter) Put(t *atm.Transaction) error {
	if w.csv {
		w.buffer = appendRow(w.buffer[:0], t)
		if bytes.IndexByte(w.buffer, '\n') < len(w.buffer)-1 {
			return fmt.Errorf("write %s: transaction %q has a line end in a field, which a row of CSV cannot hold", w.path, t.ID)
		}
	} else {
		w.buffer = append(t.AppendJSON(w.buffer[:0]), '\n')
	}
	_, err := w.Write(w.buffer)
	return err
}

// TransactionReader reads what TransactionWriter writes, and NDJSON and CSV of other origin in the same schema.
type TransactionReader struct {
	file  *Reader
	lines *Lines
	table *table // nil: NDJSON
	slab  []byte // strings of transactions lie here
}

// OpenTransactions opens path for reading transactions; see Open. The header of a CSV file says which field stands in
// which column; columns of other names are passed over.
func OpenTransactions(path string) (*TransactionReader, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	r := &TransactionReader{file: f, lines: NewLines(f, f.Path())}
	if isCSV(path) {
		if r.table, err = readHeader(r.lines); err != nil {
			f.Close()
			return nil, err
		}
	}
	return r, nil
}

// Next overwrites t with the next transaction; its strings may be kept. The error is io.EOF at the end, a *LineError for a
// line that holds no transaction (reading goes on behind it), or that of the file.
func (r *TransactionReader) Next(t *atm.Transaction) error {
	for {
		line, err := r.lines.Next()
		if err != nil {
			return err
		}
		if blank(line) {
			continue
		}
		text := line
		if r.table != nil {
			if text, err = r.table.object(line); err != nil {
				return r.lines.Wrong(line, err)
			}
		}
		if err := atm.Decode(r.own(text), t); err != nil {
			return r.lines.Wrong(line, err)
		}
		return nil
	}
}

// Number is the line of the last transaction, counted from 1.
func (r *TransactionReader) Number() int { return r.lines.Number() }

// Close gives the file back.
func (r *TransactionReader) Close() error { return r.file.Close() }

// own copies a line to where it stays as it is: a decoded transaction's strings lie in it.
func (r *TransactionReader) own(line []byte) []byte {
	if len(line) > cap(r.slab)-len(r.slab) {
		r.slab = make([]byte, 0, max(len(line), flushAt))
	}
	start := len(r.slab)
	r.slab = append(r.slab, line...)
	return r.slab[start:len(r.slab):len(r.slab)]
}

// Transactions calls fn with each transaction of a file, in order, and bad with each line that holds none. A nil bad makes
// the first such line the end. An error of fn or bad ends the reading and is returned.
func Transactions(path string, fn func(*atm.Transaction) error, bad func(*LineError) error) error {
	r, err := OpenTransactions(path)
	if err != nil {
		return err
	}
	defer r.Close()
	var t atm.Transaction
	for {
		err := r.Next(&t)
		if err == io.EOF {
			return nil
		}
		if line, ok := BadLine(err); ok && bad != nil {
			err = bad(line)
		} else if err == nil {
			err = fn(&t)
		}
		if err != nil {
			return err
		}
	}
}

// errColumns is the cause of a row with more fields than the header.
func errColumns(got, want int) error {
	return fmt.Errorf("row has %d fields and the header %d", got, want)
}
