package forest

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// Magic is how an encoded forest begins. The last byte is the version of the format.
const Magic = "SKFORES\x01"

// The format, all numbers little endian, strings as a uvarint length and bytes:
//
//	magic            8 bytes
//	feature set      uint64
//	features         uvarint count, strings
//	ignored          uvarint count, strings
//	trees            uvarint count, per tree uvarint number of nodes
//	nodes            per node: uint16 feature, uint32 left, float64 threshold, float64 share
//	checksum         SHA-256 of all before
//
// left counts from the tree's own first node; 0 marks a leaf.

// Encode returns the forest as bytes that Decode reads. Equal forests give equal bytes.
func (f *Forest) Encode() []byte {
	b := append([]byte(nil), Magic...)
	b = binary.LittleEndian.AppendUint64(b, f.featureSet)
	b = appendStrings(b, f.names)
	b = appendStrings(b, f.ignored)
	b = binary.AppendUvarint(b, uint64(len(f.roots)))
	for tree := range f.roots {
		first, end := f.span(tree)
		b = binary.AppendUvarint(b, uint64(end-first))
	}
	for tree := range f.roots {
		first, end := f.span(tree)
		for i := first; i < end; i++ {
			n := f.nodes[i]
			if n.left != 0 {
				n.left -= first
			}
			b = binary.LittleEndian.AppendUint16(b, n.feature)
			b = binary.LittleEndian.AppendUint32(b, n.left)
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(n.threshold))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f.shares[i]))
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// span returns the first node of a tree and the node after its last.
func (f *Forest) span(tree int) (first, end uint32) {
	if tree+1 < len(f.roots) {
		return f.roots[tree], f.roots[tree+1]
	}
	return f.roots[tree], uint32(len(f.nodes))
}

func appendStrings(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}
