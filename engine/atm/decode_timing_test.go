package atm

import (
	"encoding/json"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	for name, record := range map[string]string{"full": full, "least": least, "escaped": with(`"city":"Z\u00fcrich"`), "unknown": with(`"x":{"a":[1,2,3],"b":"c"}`)} {
		b.Run(name, func(b *testing.B) {
			text := []byte(record)
			var t Transaction
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := Decode(text, &t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecodeStandard is encoding/json on the same record, to compare with.
func BenchmarkDecodeStandard(b *testing.B) {
	b.SetBytes(int64(len(full)))
	b.ReportAllocs()
	for b.Loop() {
		var m mirror
		if err := json.Unmarshal([]byte(full), &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		out = fullTransaction.AppendJSON(out[:0])
	}
}

func BenchmarkScoreBinary(b *testing.B) {
	s := fullScore
	s.Vector = make([]float64, 80)
	b.Run("append", func(b *testing.B) {
		var out []byte
		b.ReportAllocs()
		for b.Loop() {
			out = s.AppendBinary(out[:0])
		}
	})
	b.Run("decode", func(b *testing.B) {
		out := s.AppendBinary(nil)
		var got Score
		b.ReportAllocs()
		for b.Loop() {
			if err := DecodeScore(out, &got); err != nil {
				b.Fatal(err)
			}
		}
	})
}
