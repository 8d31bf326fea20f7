package window

import (
	"encoding/binary"
	"math/bits"
)

// Hash is a 64-bit hash of s, the same on every machine and in every version; an empty s has hash 0, nothing else has.
// It multiplies eight bytes at a time and folds the product, as wyhash does (Wang Yi, "wyhash", public domain).
func Hash(s string) uint64 {
	if s == "" {
		return 0
	}
	const k0, k1 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db
	h := uint64(len(s)) ^ k0
	for len(s) >= 8 {
		h = fold(h^load(s[:8]), k1)
		s = s[8:]
	}
	if len(s) > 0 {
		var tail [8]byte
		copy(tail[:], s)
		h = fold(h^binary.LittleEndian.Uint64(tail[:]), k0)
	}
	return max(fold(h, k1), 1)
}

func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
