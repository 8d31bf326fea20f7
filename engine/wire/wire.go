// Package wire is the compact binary encoding that records between the stages, scores and checkpoints share:
// variable-length integers, length-prefixed strings, little-endian floats. Writing appends to a slice; reading is a Reader
// whose first error sticks, so that a decoder checks once at its end.
package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"unsafe"
)

// ErrTruncated is what a Reader says when bytes are missing or a length points past the end.
var ErrTruncated = errors.New("record is truncated")

// Uint appends an unsigned integer, small ones short.
func Uint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// Int appends a signed integer, small magnitudes short.
func Int(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

// String appends a length and the bytes.
func String[T ~string | ~[]byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// Float appends the eight bytes of v, so that every bit comes back.
func Float(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}

// Fixed appends v as eight bytes; for hashes, which do not get shorter.
func Fixed(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

// Reader takes values off the front of a slice. After the first error every read gives a zero value.
type Reader struct {
	b   []byte
	err error
}

// NewReader reads b. Strings that it gives alias b.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// Reset makes r read b from its start.
func (r *Reader) Reset(b []byte) { *r = Reader{b: b} }

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

// Len returns how many bytes are left.
func (r *Reader) Len() int { return len(r.b) }

// Fail records an error that the caller found in a value, unless there is one already.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err, r.b = err, nil
	}
}

// Uint reads what Uint appended.
func (r *Reader) Uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.Fail(ErrTruncated)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// Int reads what Int appended.
func (r *Reader) Int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.Fail(ErrTruncated)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// Count reads a length of elements that each take at least size bytes, and fails if they cannot all be there.
func (r *Reader) Count(size int) int {
	n := r.Uint()
	if n > uint64(len(r.b)/max(size, 1)) {
		r.Fail(ErrTruncated)
		return 0
	}
	return int(n)
}

// String reads what String appended; the string aliases the slice that is read.
func (r *Reader) String() string {
	b := r.Bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Bytes reads what String appended, without a copy.
func (r *Reader) Bytes() []byte {
	n := r.Count(1)
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

// Fixed reads what Fixed appended.
func (r *Reader) Fixed() uint64 {
	if len(r.b) < 8 {
		r.Fail(ErrTruncated)
		return 0
	}
	v := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return v
}

// Float reads what Float appended.
func (r *Reader) Float() float64 { return math.Float64frombits(r.Fixed()) }

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if len(r.b) == 0 {
		r.Fail(ErrTruncated)
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

// End returns the first error, or one if bytes are left over.
func (r *Reader) End() error {
	if r.err == nil && len(r.b) > 0 {
		return errors.New("bytes follow the record")
	}
	return r.err
}
