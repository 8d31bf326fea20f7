package state

import (
	"strings"
	"testing"

	"skimwatch/engine/wire"
)

// tally is the smallest state there is.
type tally struct{ n int64 }

func (t *tally) AppendBinary(b []byte) []byte { return wire.Int(b, t.n) }
func (t *tally) ReadBinary(r *wire.Reader)    { t.n = r.Int() }

func TestStoreKeepsWhatItGaveOut(t *testing.T) {
	s := New[tally]()
	key := []byte("a")
	s.At(string(key)).n = 5
	key[0] = 'b'
	if s.At("a").n != 5 || s.At("b").n != 0 || s.Len() != 2 {
		t.Errorf("a %d, b %d, %d keys", s.At("a").n, s.At("b").n, s.Len())
	}
}

func TestStoreSnapshotIsOrdered(t *testing.T) {
	one, two := New[tally](), New[tally]()
	keys := strings.Fields("tok_9 b a tok_1 ä Z 10 9 c d e f g")
	for i, k := range keys {
		one.At(k).n = int64(i)
	}
	for i := len(keys) - 1; i >= 0; i-- {
		two.At(keys[i]).n = int64(i)
	}
	b := one.AppendBinary([]byte("x"))
	if string(two.AppendBinary([]byte("x"))) != string(b) {
		t.Error("two equal stores write different bytes")
	}
	back := New[tally]()
	back.At("gone").n = 1
	r := wire.NewReader(b[1:])
	back.ReadBinary(r)
	if r.End() != nil || string(back.AppendBinary([]byte("x"))) != string(b) {
		t.Errorf("%d keys are read back: %v", back.Len(), r.End())
	}
}

func TestStoreRefusesBadSnapshots(t *testing.T) {
	f := func(b []byte, say string) {
		t.Helper()
		s, r := New[tally](), wire.NewReader(b)
		if s.ReadBinary(r); r.End() == nil || !strings.Contains(r.End().Error(), say) {
			t.Errorf("%x: %v does not say %q", b, r.End(), say)
		}
	}
	entry := wire.Int(wire.String(nil, "k"), 1)
	f(append(wire.Uint(nil, 2), append(entry, entry...)...), `key "k" stands twice`)
	f(append(wire.Uint(nil, 2), entry...), "truncated")
	f(wire.Uint(nil, 1<<60), "truncated")
	f(nil, "truncated")
	f(append(append(wire.Uint(nil, 1), entry...), 0), "bytes follow")
}
