package wire

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

func TestValuesComeBack(t *testing.T) {
	for _, v := range []uint64{0, 1, 127, 128, 1 << 32, math.MaxUint64} {
		r := NewReader(Fixed(Uint(nil, v), v))
		if a, b := r.Uint(), r.Fixed(); a != v || b != v || r.End() != nil {
			t.Errorf("%d: %d, %d, %v", v, a, b, r.End())
		}
	}
	for _, v := range []int64{0, -1, 1, 63, -64, 64, math.MaxInt64, math.MinInt64} {
		r := NewReader(Int(nil, v))
		if got := r.Int(); got != v || r.End() != nil {
			t.Errorf("%d: %d, %v", v, got, r.End())
		}
	}
	for _, v := range []float64{0, math.Copysign(0, -1), 1.5, math.Inf(-1), math.NaN(), math.Float64frombits(0x7ff8000000000123)} {
		r := NewReader(Float(nil, v))
		if got := r.Float(); math.Float64bits(got) != math.Float64bits(v) || r.End() != nil {
			t.Errorf("%v: %v, %v", v, got, r.End())
		}
	}
	for _, v := range []string{"", "a", "\x00\xff", string(make([]byte, 300))} {
		r := NewReader(String(String(nil, v), []byte(v)))
		if a, b := r.String(), string(r.Bytes()); a != v || b != v || r.End() != nil {
			t.Errorf("%q: %q, %q, %v", v, a, b, r.End())
		}
	}
}

func TestReaderKeepsItsFirstError(t *testing.T) {
	f := func(b []byte, read func(*Reader)) {
		t.Helper()
		r := NewReader(b)
		read(r)
		if !errors.Is(r.Err(), ErrTruncated) {
			t.Fatalf("%x: %v", b, r.Err())
		}
		if r.Uint() != 0 || r.Int() != 0 || r.Byte() != 0 || r.Float() != 0 || r.String() != "" || r.Count(0) != 0 || r.Len() != 0 {
			t.Errorf("%x: values after an error are not zero", b)
		}
		r.Fail(errors.New("another"))
		if !errors.Is(r.End(), ErrTruncated) {
			t.Errorf("%x: the first error was lost: %v", b, r.End())
		}
	}
	f(nil, func(r *Reader) { r.Byte() })
	f(nil, func(r *Reader) { r.Uint() })
	f([]byte{0x80}, func(r *Reader) { r.Int() })
	f([]byte{1, 2, 3, 4, 5, 6, 7}, func(r *Reader) { r.Fixed() })
	f([]byte{3, 'a', 'b'}, func(r *Reader) { _ = r.String() })
	f(Uint(nil, math.MaxUint64), func(r *Reader) { r.Bytes() })
	// an integer of more than 64 bits
	f([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, func(r *Reader) { r.Uint() })
	// five elements of two bytes do not fit in nine
	f(append(Uint(nil, 5), make([]byte, 9)...), func(r *Reader) { r.Count(2) })
}

func TestEndRefusesWhatIsLeft(t *testing.T) {
	r := NewReader([]byte{1, 2})
	if r.Byte(); r.End() == nil {
		t.Error("a byte is left and nobody says so")
	}
	if r.Reset([]byte{7}); r.Byte() != 7 || r.End() != nil {
		t.Errorf("after Reset: %v", r.End())
	}
	if r = NewReader(append(Uint(nil, 5), make([]byte, 10)...)); r.Count(2) != 5 {
		t.Error("five elements of two bytes fit in ten")
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6}, String(nil, "hello"))
	f.Fuzz(func(t *testing.T, script, b []byte) {
		r := NewReader(b)
		for _, op := range script {
			before := r.Len()
			switch op % 7 {
			case 0:
				r.Uint()
			case 1:
				r.Int()
			case 2:
				r.Fixed()
			case 3:
				_ = r.String()
			case 4:
				r.Byte()
			case 5:
				if n := r.Count(3); n*3 > r.Len() {
					t.Fatalf("%d elements of three bytes in %d", n, r.Len())
				}
			case 6:
				r.Float()
			}
			if r.Err() == nil && r.Len() >= before {
				t.Fatal("a read took nothing")
			}
		}
	})
}

func Example() {
	b := Int(String(nil, "card"), -3)
	r := NewReader(b)
	fmt.Println(r.String(), r.Int(), r.End())
	r.Reset(b[:2])
	fmt.Println(r.String() == "", r.End())
	// Output:
	// card -3 <nil>
	// true record is truncated
}
