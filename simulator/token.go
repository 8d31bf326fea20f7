package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"skimwatch/engine/atm"
)

// issuers are invented: bank identification numbers that begin with 99 are reserved for national use (ISO/IEC 7812).
var issuers = [...]string{"990012", "990047", "990131", "990258", "990304", "990417", "990566", "990693"}

// issuerShare makes a few issuers large and most small.
var issuerShare = [len(issuers)]float64{30, 22, 15, 11, 9, 6, 4, 3}

// token is the keyed hash that stands for a card: HMAC-SHA256 of a synthetic number under a key made from the seed.
// Tokens with thirteen or more digits in a row are passed over, since such a run could be taken for a card number.
func (w *World) token(what string, number uint64) string {
	for try := 0; ; try++ {
		h := hmac.New(sha256.New, w.key[:])
		fmt.Fprintf(h, "%s/%d/%d", what, number, try)
		t := "tok_" + hex.EncodeToString(h.Sum(nil)[:8])
		if longestDigits(t) < 13 {
			return t
		}
	}
}

func longestDigits(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// identity returns a transaction id in the shape of a UUIDv7 (RFC 9562): milliseconds of event time, then random bits.
func (w *World) identity(at atm.Time, card int32, turn uint64) string {
	hi := mix(mix(w.config.Seed^drawIdentity)^uint64(at)) ^ uint64(uint32(card))
	a, b := mix(hi^turn<<32), mix(mix(hi+1)^turn)
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(at/atm.Millisecond)<<16|0x7000|a&0x0fff)
	binary.BigEndian.PutUint64(id[8:], b&^(3<<62)|2<<62)
	var s [36]byte
	hex.Encode(s[0:], id[0:4])
	s[8] = '-'
	hex.Encode(s[9:], id[4:6])
	s[13] = '-'
	hex.Encode(s[14:], id[6:8])
	s[18] = '-'
	hex.Encode(s[19:], id[8:10])
	s[23] = '-'
	hex.Encode(s[24:], id[10:16])
	return string(s[:])
}
