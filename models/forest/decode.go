package forest

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrCorrupt says that bytes are not a whole forest as it was encoded.
var ErrCorrupt = errors.New("not an intact forest")

const nodeBytes = 2 + 4 + 8 + 8

// Decode reads what Encode wrote. Bytes that were cut, changed or written by another version give an error that wraps
// ErrCorrupt; nothing of them is used.
func Decode(b []byte) (*Forest, error) {
	if len(b) < len(Magic)+sha256.Size {
		return nil, fmt.Errorf("decode forest: %w: only %d bytes long", ErrCorrupt, len(b))
	}
	if got := string(b[:len(Magic)]); got != Magic {
		return nil, fmt.Errorf("decode forest: %w: it begins with %q, this version reads %q", ErrCorrupt, got, Magic)
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if got := sha256.Sum256(body); string(got[:]) != string(sum) {
		return nil, fmt.Errorf("decode forest: %w: checksum is %x, the content's is %x", ErrCorrupt, sum[:4], got[:4])
	}
	r := reader{rest: body[len(Magic):]}
	f := &Forest{featureSet: r.uint64(), names: r.strings(), ignored: r.strings()}
	r.forest(f)
	if r.err == nil && len(r.rest) > 0 {
		r.fail("%d bytes are left over", len(r.rest))
	}
	if r.err != nil {
		return nil, fmt.Errorf("decode forest: %w", r.err)
	}
	return f, nil
}

// reader takes values off the front of rest until the first error, and zero values after it.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
	}
	r.rest = nil
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.fail("%d bytes are missing", n-len(r.rest))
		return make([]byte, min(n, 8))
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) uint64() uint64   { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *reader) float64() float64 { return math.Float64frombits(r.uint64()) }

// count reads a number of things that take at least size bytes each.
func (r *reader) count(size int) int {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 {
		r.fail("a count is missing")
		return 0
	}
	r.rest = r.rest[used:]
	if n > uint64(len(r.rest)/size) {
		r.fail("a count of %d is more than the bytes can hold", n)
		return 0
	}
	return int(n)
}

func (r *reader) strings() []string {
	list := make([]string, r.count(1))
	for i := range list {
		list[i] = string(r.take(r.count(1)))
	}
	return list
}

func (r *reader) forest(f *Forest) {
	sizes := make([]int, r.count(1))
	total := 0
	for i := range sizes {
		sizes[i] = r.count(1)
		total += sizes[i]
	}
	if len(sizes) == 0 || total != len(r.rest)/nodeBytes {
		r.fail("%d trees with %d nodes in %d bytes", len(sizes), total, len(r.rest))
		return
	}
	f.nodes = make([]node, 0, total)
	f.shares = make([]float64, 0, total)
	for tree, size := range sizes {
		if size == 0 {
			r.fail("tree %d is empty", tree)
		}
		first := len(f.nodes)
		f.roots = append(f.roots, uint32(first))
		for i := range size {
			r.node(f, first, i, size)
			if r.err != nil {
				return
			}
		}
	}
}

// node reads and checks one node: children stand after their parent, so that every path ends.
func (r *reader) node(f *Forest, first, i, size int) {
	head := r.take(6)
	n := node{feature: binary.LittleEndian.Uint16(head), left: binary.LittleEndian.Uint32(head[2:]), threshold: r.float64()}
	share := r.float64()
	switch {
	case r.err != nil:
		return
	case n.left != 0 && (int64(n.left) <= int64(i) || int64(n.left)+1 >= int64(size)):
		r.fail("node %d has its children at %d of %d", i, n.left, size)
	case int(n.feature) >= len(f.names):
		r.fail("node %d splits on feature %d of %d", i, n.feature, len(f.names))
	case !(share >= 0 && share <= 1):
		r.fail("node %d has the share %g", i, share)
	case n.left == 0 && n.threshold != share:
		r.fail("leaf %d has two shares, %g and %g", i, n.threshold, share)
	case math.IsNaN(n.threshold) || math.IsInf(n.threshold, 0):
		r.fail("node %d splits at %g", i, n.threshold)
	}
	if n.left != 0 {
		n.left += uint32(first)
	}
	f.nodes = append(f.nodes, n)
	f.shares = append(f.shares, share)
}
