// Package file reads and writes what commands are given by name: plain, .gz and .zst files and the standard streams, lines
// of any length, transactions as NDJSON or CSV, labels as NDJSON. Errors name the path.
package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Standard is the path that means standard input or standard output.
const Standard = "-"

// flushAt is how many bytes of whole records are gathered before they are written.
const flushAt = 64 << 10

// Writer writes whole records to a file, compressed when the path ends in .gz or .zst. A regular file appears under its
// name only when Close succeeds: until then it is written beside, and what stood there before stays. It is not safe for
// concurrent use.
type Writer struct {
	path   string
	target string // where the finished file goes; empty for streams and devices
	file   *os.File
	pack   io.WriteCloser // nil when not compressed
	buffer []byte         // whole records only
	err    error          // of the first write that did not work; further ones are not tried
}

// Create opens path for writing; - is standard output.
func Create(path string) (*Writer, error) {
	w := &Writer{path: path}
	if err := w.open(); err != nil {
		return nil, fmt.Errorf("create %s: %w", path, cause(err))
	}
	switch {
	case strings.HasSuffix(path, ".gz"):
		w.pack = gzip.NewWriter(w.file)
	case strings.HasSuffix(path, ".zst"):
		z, err := zstd.NewWriter(w.file, zstd.WithEncoderConcurrency(1))
		if err != nil {
			w.Abort()
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
		w.pack = z
	}
	return w, nil
}

func (w *Writer) open() (err error) {
	if w.path == Standard {
		w.path, w.file = "standard output", os.Stdout
		return nil
	}
	target := w.path
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a folder")
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe
		w.file, err = os.OpenFile(target, os.O_WRONLY, 0)
		return err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	w.target = target
	for n := 0; ; n++ {
		beside := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d-%d.tmp", filepath.Base(target), os.Getpid(), n))
		w.file, err = os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) || n == 100 {
			return err
		}
	}
}

// Write takes whole records: what is given in one call is never torn by this package. After an error nothing more is
// written.
func (w *Writer) Write(b []byte) (int, error) {
	w.buffer = append(w.buffer, b...)
	if len(w.buffer) >= flushAt {
		if err := w.Flush(); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// Flush hands what was gathered to the system, so that a reader of a pipe sees it. Compressed data wait for their block.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.buffer) == 0 {
		return w.err
	}
	var to io.Writer = w.file
	if w.pack != nil {
		to = w.pack
	}
	_, err := to.Write(w.buffer)
	w.buffer = w.buffer[:0]
	return w.keep(err)
}

func (w *Writer) keep(err error) error {
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("write %s: %w", w.path, cause(err))
	}
	return w.err
}

// Close finishes the file and puts it in its place. If anything went wrong, now or before, the file is removed and the
// error says what.
func (w *Writer) Close() error {
	if w.file == nil {
		return w.err
	}
	w.Flush()
	if w.pack != nil {
		w.keep(w.pack.Close())
	}
	if w.target == "" {
		if w.file != os.Stdout {
			w.keep(w.file.Close())
		}
		w.file = nil
		return w.err
	}
	if w.err != nil {
		w.Abort()
		return w.err
	}
	return w.place()
}

// place syncs the finished file, renames it and syncs its folder.
func (w *Writer) place() error {
	beside := w.file.Name()
	w.keep(w.file.Sync())
	w.keep(w.file.Close())
	w.file = nil
	if w.err == nil {
		w.keep(os.Rename(beside, w.target))
	}
	if w.err != nil {
		os.Remove(beside)
		return w.err
	}
	if folder, err := os.Open(filepath.Dir(w.target)); err == nil {
		folder.Sync() // not every file system can; the rename itself stands
		folder.Close()
	}
	return nil
}

// Abort gives up: a regular file is removed, what stood under its name before stays. After Close it does nothing.
func (w *Writer) Abort() {
	if w.file == nil {
		return
	}
	if w.file != os.Stdout {
		w.file.Close()
	}
	if w.target != "" {
		os.Remove(w.file.Name())
	}
	w.file = nil
}

// cause strips the path from an error of the os package: the caller has named it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
