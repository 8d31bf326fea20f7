package stage

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
)

// A stage that is restored every few records ends in the same bytes as one that never stopped.
func TestCheckpointsGoOnAsBefore(t *testing.T) {
	records := topic(4, 1, 600)[0]
	straight, broken := NewCard(0, 3, route), NewCard(0, 3, route)
	score1, score2 := newATM(), newATM()
	var s1, s2 atm.Score
	offset := int64(0)
	for i, b := range records {
		if i%37 == 0 {
			again := NewCard(0, 3, route)
			if at, err := again.Restore(broken.Checkpoint(int64(i), 5)); err != nil || at.Offset != int64(i) || at.Generation != 5 || at.Model != "" {
				t.Fatalf("%+v, %v", at, err)
			}
			broken = again
			score := newATM()
			if at, err := score.Restore(score2.Checkpoint(offset, 6)); err != nil || at.Offset != offset || at.Generation != 6 {
				t.Fatalf("%+v, %v", at, err)
			}
			score2 = score
		}
		var f1, f2 Forward
		l1, l2 := straight.Apply(Input{Value: b, Offset: int64(i)}, &f1), broken.Apply(Input{Value: b, Offset: int64(i)}, &f2)
		if (l1 == nil) != (l2 == nil) || f1.Partition != f2.Partition || string(f1.Value) != string(f2.Value) {
			t.Fatalf("record %d differs after a restore", i)
		}
		if l1 != nil || f1.Partition != 0 {
			continue
		}
		offset++
		a1, err1 := score1.Apply(Input{Value: f1.Value, Offset: offset}, &s1)
		a2, err2 := score2.Apply(Input{Value: f2.Value, Offset: offset}, &s2)
		if !a1 || !a2 || err1 != nil || err2 != nil || string(s1.AppendBinary(nil)) != string(s2.AppendBinary(nil)) {
			t.Fatalf("record %d: %v %v, %v %v", i, a1, a2, err1, err2)
		}
	}
	if string(straight.Checkpoint(1, 1)) != string(broken.Checkpoint(1, 1)) || string(score1.Checkpoint(1, 1)) != string(score2.Checkpoint(1, 1)) {
		t.Error("the stages end in different states")
	}
	if straight.Watermark() != broken.Watermark() || straight.Keys() != broken.Keys() || score1.Keys() != score2.Keys() || score1.Watermark() != score2.Watermark() {
		t.Error("the stages tell different things about themselves")
	}
}

// small returns a card and an atm checkpoint with a few records in them.
func small(t testing.TB) (card, machine []byte) {
	t.Helper()
	c, a := newCard(0), NewATM(0, score.Version{Name: "fraud/7", Threshold: 0.5})
	var s atm.Score
	for i, f := range forward(t, c, topic(6, 1, 4)[0]...) {
		if _, err := a.Apply(Input{Value: f.Value, Offset: int64(i)}, &s); err != nil {
			t.Fatal(err)
		}
	}
	return c.Checkpoint(4, 2), a.Checkpoint(4, 2)
}

func TestTornCheckpointsAreRefused(t *testing.T) {
	card, machine := small(t)
	for _, whole := range [][]byte{card, machine} {
		if at, err := ReadCheckpoint(whole); err != nil || at.Offset != 4 || at.Generation != 2 {
			t.Fatalf("%+v, %v", at, err)
		}
		for n := range whole {
			if _, err := ReadCheckpoint(whole[:n]); !errors.Is(err, ErrTorn) {
				t.Fatalf("cut to %d of %d bytes: %v", n, len(whole), err)
			}
		}
		for bit := range len(whole) * 8 {
			b := append([]byte(nil), whole...)
			b[bit/8] ^= 1 << (bit % 8)
			if _, err := ReadCheckpoint(b); !errors.Is(err, ErrTorn) {
				t.Fatalf("bit %d turned over: %v", bit, err)
			}
			if bit%97 != 0 {
				continue
			}
			if _, err := newCard(0).Restore(b); !errors.Is(err, ErrTorn) {
				t.Fatalf("bit %d turned over: the card stage says %v", bit, err)
			}
			if _, err := newATM().Restore(b); !errors.Is(err, ErrTorn) {
				t.Fatalf("bit %d turned over: the atm stage says %v", bit, err)
			}
		}
		if _, err := ReadCheckpoint(append(whole, 0)); !errors.Is(err, ErrTorn) {
			t.Fatalf("one byte more: %v", err)
		}
	}
}

func TestForeignCheckpointsAreRefused(t *testing.T) {
	card, machine := small(t)
	f := func(err error, say string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%v does not say %q", err, say)
		}
	}
	_, err := newCard(0).Restore(machine)
	f(err, "stage 'a'")
	_, err = newATM().Restore(card)
	f(err, "stage 'c'")
	_, err = NewCard(0, 2, route).Restore(card)
	f(err, "writes to 1 partitions")

	const magic = len("skimwatch checkpoint\n")
	format := append([]byte(nil), machine[:len(machine)-4]...)
	format[magic] = 9
	_, err = ReadCheckpoint(seal(format))
	f(err, "format 9")

	other := append([]byte(nil), machine[:len(machine)-4]...)
	at := strings.Index(string(other), string(binary.LittleEndian.AppendUint64(nil, feature.Hash())))
	other[at] ^= 1
	if _, err = newATM().Restore(seal(other)); !errors.Is(err, ErrFeatureSet) {
		t.Errorf("another feature set: %v", err)
	}
	// sealed, but cut inside: the state says so
	for n := magic + 2; n < len(machine)-4; n++ {
		if _, err := newATM().Restore(seal(append([]byte(nil), machine[:n]...))); err == nil {
			t.Fatalf("a state cut to %d bytes is restored", n)
		}
	}
	if at, err := ReadCheckpoint(machine); err != nil || at.Model != "fraud/7" {
		t.Errorf("%+v, %v", at, err)
	}
}

func TestSwitchIsNamedByTheNextCheckpoint(t *testing.T) {
	a := newATM()
	if at, err := ReadCheckpoint(a.Checkpoint(1, 1)); err != nil || at.Model != "" || a.Model().Name != "" {
		t.Errorf("%+v, %v", at, err)
	}
	a.Switch(score.Version{Name: "fraud/8", Threshold: 0.7})
	if at, err := ReadCheckpoint(a.Checkpoint(1, 1)); err != nil || at.Model != "fraud/8" || a.Model().Threshold != 0.7 {
		t.Errorf("%+v, %v", at, err)
	}
}

func FuzzReadCheckpoint(f *testing.F) {
	card, machine := small(f)
	f.Add(card[:len(card)-4])
	f.Add(machine[:len(machine)-4])
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = ReadCheckpoint(b)
		b = seal(b) // past the checksum
		c, a := newCard(0), newATM()
		if _, err := c.Restore(b); err == nil {
			if _, err := newCard(0).Restore(c.Checkpoint(1, 1)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.Restore(b); err == nil {
			if _, err := newATM().Restore(a.Checkpoint(1, 1)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
