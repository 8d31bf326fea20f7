package forest

import "crypto/sha256"

// Seal puts a right checksum under arbitrary bytes, so that fuzzing reaches what lies behind it.
func Seal(b []byte) []byte {
	if len(b) < sha256.Size {
		return b
	}
	body := append([]byte(nil), b[:len(b)-sha256.Size]...)
	sum := sha256.Sum256(body)
	return append(body, sum[:]...)
}
