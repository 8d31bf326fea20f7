package file

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Reader reads a file, unpacked when the path ends in .gz or .zst.
type Reader struct {
	path   string
	file   *os.File
	unpack io.Reader
	close  func()
}

// Open opens path for reading; - is standard input.
func Open(path string) (*Reader, error) {
	r := &Reader{path: path, file: os.Stdin, close: func() {}}
	if path == Standard {
		r.path, r.unpack = "standard input", os.Stdin
		return r, nil
	}
	var err error
	if r.file, err = os.Open(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, cause(err))
	}
	if err := r.unpacker(); err != nil {
		r.file.Close()
		return nil, fmt.Errorf("open %s: %w", path, cause(err))
	}
	return r, nil
}

func (r *Reader) unpacker() error {
	switch {
	case strings.HasSuffix(r.path, ".gz"):
		z, err := gzip.NewReader(r.file)
		r.unpack = z
		return err
	case strings.HasSuffix(r.path, ".zst"):
		z, err := zstd.NewReader(r.file, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		r.unpack, r.close = z, z.Close
		return nil
	}
	r.unpack = r.file
	return nil
}

// Read reads unpacked bytes.
func (r *Reader) Read(b []byte) (int, error) {
	n, err := r.unpack.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read %s: %w", r.path, cause(err))
	}
	return n, err
}

// Path is what messages call the file.
func (r *Reader) Path() string { return r.path }

// Close gives the file back; standard input stays open.
func (r *Reader) Close() error {
	r.close()
	if r.file == os.Stdin {
		return nil
	}
	return r.file.Close()
}
