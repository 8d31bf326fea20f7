package file

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the longest line that is taken, in bytes, without its end.
const MaxLine = 1 << 20

// ErrTooLong is the cause of a LineError for a line of more than MaxLine bytes.
var ErrTooLong = fmt.Errorf("line is longer than %d bytes", MaxLine)

// LineError says what is wrong with one line. Reading goes on behind it.
type LineError struct {
	Path  string
	Line  int    // counted from 1
	Bytes []byte // the line without its end; of one that is too long only its beginning
	Err   error
}

// Error names file and line, then the cause.
func (e *LineError) Error() string { return fmt.Sprintf("%s line %d: %v", e.Path, e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// Lines reads a file line by line. Lines end in a line feed, or a carriage return and a line feed; the last one may end
// with the file.
type Lines struct {
	path string
	in   *bufio.Reader
	line int
	long []byte
}

// NewLines reads the lines of r; path is what errors call it.
func NewLines(r io.Reader, path string) *Lines {
	return &Lines{path: path, in: bufio.NewReaderSize(r, flushAt)}
}

// Number is the line that Next gave last, counted from 1.
func (l *Lines) Number() int { return l.line }

// Next returns the next line without its end; it is the caller's until the next call. The error is io.EOF after the last
// line, a *LineError for a line that is too long (reading goes on behind it), or that of the file.
func (l *Lines) Next() ([]byte, error) {
	l.long = l.long[:0]
	l.line++
	for {
		part, err := l.in.ReadSlice('\n')
		if len(l.long)+len(part) > MaxLine+2 {
			return nil, l.skip(append(l.long, part...), err)
		}
		switch {
		case err == nil && len(l.long) == 0:
			return trim(part), l.fits(part)
		case err == bufio.ErrBufferFull:
			l.long = append(l.long, part...)
			continue
		}
		l.long = append(l.long, part...)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if len(l.long) == 0 {
			l.line--
			return nil, io.EOF
		}
		return trim(l.long), l.fits(l.long)
	}
}

// fits refuses the line or two that are too long by their last byte.
func (l *Lines) fits(line []byte) error {
	if line = trim(line); len(line) <= MaxLine {
		return nil
	}
	return l.Wrong(line, ErrTooLong)
}

// skip reads to the end of a line that is too long.
func (l *Lines) skip(start []byte, err error) error {
	start = start[:1024]
	for err == bufio.ErrBufferFull {
		_, err = l.in.ReadSlice('\n')
	}
	if err != nil && err != io.EOF {
		return err
	}
	return l.Wrong(start, ErrTooLong)
}

// Wrong is the error of the line that Next gave last.
func (l *Lines) Wrong(line []byte, cause error) error {
	kept := line[:min(len(line), MaxLine)]
	return &LineError{Path: l.path, Line: l.line, Bytes: append([]byte(nil), kept...), Err: cause}
}

func trim(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
		if n > 1 && line[n-2] == '\r' {
			line = line[:n-2]
		}
	}
	return line
}

// blank reports whether a line holds nothing but spaces.
func blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// BadLine returns the *LineError that err is, if it is one: then reading may go on.
func BadLine(err error) (*LineError, bool) {
	var e *LineError
	ok := errors.As(err, &e)
	return e, ok
}
