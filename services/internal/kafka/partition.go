package kafka

// Partition returns the partition of a key among n, exactly as Kafka's Java client chooses it: murmur2 of the key, seed 0x9747b28c,
// the sign bit cleared, modulo n. It panics if n is not positive.
func Partition(key []byte, n int) int { return int(murmur2(key)&0x7fffffff) % n }

// murmur2 is MurmurHash2 by Austin Appleby, in the 32-bit variant of org.apache.kafka.common.utils.Utils.
func murmur2(b []byte) uint32 {
	const m = 0x5bd1e995
	h := uint32(0x9747b28c) ^ uint32(len(b))
	for ; len(b) >= 4; b = b[4:] {
		k := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
		k *= m
		k ^= k >> 24
		k *= m
		h *= m
		h ^= k
	}
	switch len(b) {
	case 3:
		h ^= uint32(b[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(b[1]) << 8
		fallthrough
	case 1:
		h ^= uint32(b[0])
		h *= m
	}
	h ^= h >> 13
	h *= m
	return h ^ h>>15
}
