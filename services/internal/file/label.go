package file

import (
	"encoding/json"
	"fmt"
	"io"

	"skimwatch/engine/atm"
)

// LabelWriter writes labels as NDJSON.
type LabelWriter struct{ *Writer }

// CreateLabels opens path for writing labels; see Create.
func CreateLabels(path string) (*LabelWriter, error) {
	w, err := Create(path)
	if err != nil {
		return nil, err
	}
	return &LabelWriter{w}, nil
}

// Put writes one label.
func (w *LabelWriter) Put(l *atm.Label) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write label of %q: %w", l.Transaction, err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// Labels calls fn with each label of an NDJSON file, in order, and bad with each line that holds none. A nil bad makes the
// first such line the end. An error of fn or bad ends the reading and is returned.
func Labels(path string, fn func(atm.Label) error, bad func(*LineError) error) error {
	r, err := Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	lines := NewLines(r, r.Path())
	for {
		line, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil && blank(line) {
			continue
		}
		var l atm.Label
		if err == nil {
			if l, err = atm.DecodeLabel(line); err != nil {
				err = lines.Wrong(line, err)
			}
		}
		if wrong, ok := BadLine(err); ok && bad != nil {
			err = bad(wrong)
		} else if err == nil {
			err = fn(l)
		}
		if err != nil {
			return err
		}
	}
}
