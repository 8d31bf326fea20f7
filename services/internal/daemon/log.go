package daemon

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
)

// NewLogger returns a logger which writes text where w is a terminal and JSON, one object per line, everywhere else.
// Level is debug, info, warn or error.
func NewLogger(w io.Writer, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(strings.ToUpper(level))); err != nil {
		return nil, Usage(fmt.Errorf("log level %q is not one of debug, info, warn, error", level))
	}
	o := &slog.HandlerOptions{Level: l}
	if Terminal(w) {
		return slog.New(slog.NewTextHandler(w, o)), nil
	}
	return slog.New(slog.NewJSONHandler(w, o)), nil
}

// Terminal says whether w is a terminal that a person may be looking at.
func Terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	s, err := f.Stat()
	return err == nil && s.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}
