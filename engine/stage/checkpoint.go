package stage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"

	"skimwatch/engine/feature"
	"skimwatch/engine/rule"
	"skimwatch/engine/wire"
)

// Checkpoint is all that a stage needs to go on: its state together with where it stands in its input and its outputs.
type Checkpoint struct {
	Offset     int64  // next input offset
	Generation int32  // of the group member that wrote it
	Model      string // model in force after it, atm stage only
	state      []byte
}

// Errors that Restore, ReadCheckpoint and ATM.Apply wrap.
var (
	ErrTorn       = errors.New("checkpoint is torn")
	ErrFeatureSet = errors.New("another feature set")
	ErrFormat     = errors.New("the formats differ")
)

// checkpointVersion is the format's version.
const checkpointVersion = 2

// kinds of checkpoint.
const (
	cardKind = 'c'
	atmKind  = 'a'
)

// Checkpoint returns the card stage as of the given next offset.
func (c *Card) Checkpoint(offset int64, generation int32) []byte {
	b := header(cardKind, offset, generation, "")
	b = wire.Uint(b, uint64(len(c.next)))
	for _, n := range c.next {
		b = wire.Int(b, n)
	}
	return seal(c.cards.AppendBinary(c.clock.append(b)))
}

// Checkpoint returns the atm stage as of the given next offset. It names the model in force.
func (a *ATM) Checkpoint(offset int64, generation int32) []byte {
	b := header(atmKind, offset, generation, a.Model().Name)
	b = wire.Uint(b, uint64(len(a.last)))
	for _, source := range slices.Sorted(maps.Keys(a.last)) {
		b = wire.Int(wire.Int(b, int64(source)), a.last[source])
	}
	return seal(a.atms.AppendBinary(a.clock.append(b)))
}

func header(kind byte, offset int64, generation int32, model string) []byte {
	b := append([]byte("skimwatch checkpoint\n"), checkpointVersion, kind)
	b = wire.Int(wire.Int(b, offset), int64(generation))
	b = wire.Fixed(b, feature.Hash())
	return wire.String(wire.String(b, rule.Version), model)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func seal(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// ReadCheckpoint reads the outside of a checkpoint; the state stays encoded until Restore.
func ReadCheckpoint(b []byte) (Checkpoint, error) {
	c, _, err := open(b)
	return c, err
}

// open checks a checkpoint and returns its kind.
func open(b []byte) (c Checkpoint, kind byte, err error) {
	const magic = "skimwatch checkpoint\n"
	if len(b) < len(magic)+6 || string(b[:len(magic)]) != magic {
		return c, 0, fmt.Errorf("%w: %d bytes that do not begin as one", ErrTorn, len(b))
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if got := crc32.Checksum(body, castagnoli); got != sum {
		return c, 0, fmt.Errorf("%w: checksum %08x, computed %08x", ErrTorn, sum, got)
	}
	r := wire.NewReader(body[len(magic):])
	if v := r.Byte(); v != checkpointVersion {
		return c, 0, fmt.Errorf("checkpoint has format %d, this program reads %d: %w", v, checkpointVersion, ErrFormat)
	}
	kind = r.Byte()
	c = Checkpoint{Offset: r.Int(), Generation: int32(r.Int())}
	if set := r.Fixed(); r.Err() == nil && set != feature.Hash() {
		return c, kind, fmt.Errorf("checkpoint follows %w: %016x, this program has %016x", ErrFeatureSet, set, feature.Hash())
	}
	_ = r.String() // the rules, for people
	c.Model = string([]byte(r.String()))
	c.state = body[len(body)-r.Len():]
	return c, kind, r.Err()
}

// Restore puts the card stage where the checkpoint was taken. On an error the stage must not be used.
func (c *Card) Restore(b []byte) (Checkpoint, error) {
	at, r, err := restore(b, cardKind)
	if err != nil {
		return at, err
	}
	if n := r.Count(1); n != len(c.next) && r.Err() == nil {
		return at, fmt.Errorf("checkpoint writes to %d partitions of the by-atm topic, now there are %d", n, len(c.next))
	}
	for i := range c.next {
		c.next[i] = r.Int()
	}
	c.clock.read(r)
	c.cards.ReadBinary(r)
	return at, r.End()
}

// Restore puts the atm stage where the checkpoint was taken; the caller switches to the model that it names. On an error
// the stage must not be used.
func (a *ATM) Restore(b []byte) (Checkpoint, error) {
	at, r, err := restore(b, atmKind)
	if err != nil {
		return at, err
	}
	a.last = map[int32]int64{}
	for range r.Count(2) {
		source := int32(r.Int())
		a.last[source] = r.Int()
	}
	a.clock.read(r)
	a.atms.ReadBinary(r)
	return at, r.End()
}

func restore(b []byte, want byte) (Checkpoint, *wire.Reader, error) {
	at, kind, err := open(b)
	if err == nil && kind != want {
		err = fmt.Errorf("checkpoint is of stage %q, not %q", kind, want)
	}
	return at, wire.NewReader(at.state), err
}
