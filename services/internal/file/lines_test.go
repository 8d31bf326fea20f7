package file

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	long, limit := strings.Repeat("x", MaxLine+1), strings.Repeat("y", MaxLine)
	f := func(in string, want ...string) {
		t.Helper()
		var got []string
		l := NewLines(strings.NewReader(in), "f")
		for {
			line, err := l.Next()
			if err == io.EOF {
				break
			}
			if errors.Is(err, ErrTooLong) {
				got = append(got, fmt.Sprint(l.Number(), " too long"))
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(l.Number(), " ", string(line)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("lines of %.40q: %.80q, want %.80q", in, got, want)
		}
	}
	f("")
	f("a", "1 a")
	f("a\nb\n", "1 a", "2 b")
	f("a\r\n\r\n\nb", "1 a", "2 ", "3 ", "4 b")
	f("a\n"+long+"\nb", "1 a", "2 too long", "3 b")
	f(long+long+"\n"+long, "1 too long", "2 too long")
	f(limit+"\n"+limit+"\r\nz\n", "1 "+limit, "2 "+limit, "3 z")
}

func TestALineErrorNamesTheLine(t *testing.T) {
	l := NewLines(strings.NewReader("a\n"+strings.Repeat("x", MaxLine+9)), "in.ndjson")
	l.Next()
	_, err := l.Next()
	e, ok := BadLine(err)
	if !ok || e.Line != 2 || len(e.Bytes) == 0 || !strings.Contains(err.Error(), "in.ndjson line 2: ") {
		t.Errorf("%v", err)
	}
}
