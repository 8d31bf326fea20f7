package replay

import (
	"encoding/json"
	"fmt"
	"io"

	"skimwatch/services/internal/file"
)

// shown is how many malformed lines are told of one by one when they are not kept in a file.
const shown = 20

// letters takes the lines that hold no transaction: to a file, or told to a person.
type letters struct {
	out  *file.Writer // nil: told
	told int
	tell io.Writer
}

// take handles one malformed line. In the file it is one object {line, reason, bytes}, bytes in base64.
func (l *letters) take(bad *file.LineError) error {
	if l.out == nil {
		if l.told++; l.told <= shown {
			fmt.Fprintf(l.tell, "%v\n", bad)
		}
		return nil
	}
	text, err := json.Marshal(struct {
		Line   int    `json:"line"`
		Reason string `json:"reason"`
		Bytes  []byte `json:"bytes"`
	}{bad.Line, bad.Err.Error(), bad.Bytes})
	if err != nil {
		return fmt.Errorf("encode the dead letter of line %d: %w", bad.Line, err)
	}
	_, err = l.out.Write(append(text, '\n'))
	return err
}

// close finishes the file, or says how many lines were not told.
func (l *letters) close() error {
	if l.out != nil {
		return l.out.Close()
	}
	if more := l.told - shown; more > 0 {
		fmt.Fprintf(l.tell, "and %d more malformed lines; --dead-letter FILE keeps them all\n", more)
	}
	return nil
}

// abort leaves no file.
func (l *letters) abort() {
	if l.out != nil {
		l.out.Abort()
	}
}
