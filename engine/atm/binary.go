package atm

import (
	"fmt"

	"skimwatch/engine/wire"
)

// AppendBinary appends the compact form in which transactions travel between the stages and to the archive.
func (t *Transaction) AppendBinary(b []byte) []byte {
	b = append(b, byte(t.Kind), byte(t.Entry), byte(t.Has))
	b = wire.Int(b, int64(t.Time))
	b = wire.String(b, t.ID)
	b = wire.String(b, t.Card)
	b = wire.String(b, t.BIN)
	b = wire.String(b, t.Last4)
	b = wire.String(b, t.Account)
	b = wire.String(b, t.Customer)
	b = wire.String(b, t.ATM)
	b = wire.String(b, t.Country)
	b = wire.String(b, t.City)
	b = wire.String(b, t.Currency)
	b = wire.String(b, t.Response)
	b = wire.String(b, t.ReversalOf)
	b = wire.String(b, t.ReversalReason)
	if t.Is(HasPlace) {
		b = wire.Float(wire.Float(b, t.Lat), t.Lon)
	}
	b = wire.Int(b, t.Amount)
	b = wire.Int(b, t.DailyLimit)
	return wire.Int(b, t.BalanceAfter)
}

// ReadBinary reads what AppendBinary appended; errors stay in r. The strings of t alias what r reads.
func (t *Transaction) ReadBinary(r *wire.Reader) {
	*t = Transaction{Kind: Kind(r.Byte()), Entry: Entry(r.Byte()), Has: Fields(r.Byte())}
	t.Time = Time(r.Int())
	t.ID = r.String()
	t.Card = r.String()
	t.BIN = r.String()
	t.Last4 = r.String()
	t.Account = r.String()
	t.Customer = r.String()
	t.ATM = r.String()
	t.Country = r.String()
	t.City = r.String()
	t.Currency = r.String()
	t.Response = Response(r.String())
	t.ReversalOf = r.String()
	t.ReversalReason = r.String()
	if t.Is(HasPlace) {
		t.Lat, t.Lon = r.Float(), r.Float()
	}
	t.Amount = r.Int()
	t.DailyLimit = r.Int()
	t.BalanceAfter = r.Int()
	if int(t.Kind) >= len(Kinds) || int(t.Entry) >= len(Entries) {
		r.Fail(fmt.Errorf("transaction %q has kind %d and entry %d", t.ID, t.Kind, t.Entry))
	}
}

// scoreVersion leads every binary score, so that a later format can be told from this one.
const scoreVersion = 1

// AppendBinary appends the form in which scores stand on their topic.
func (s *Score) AppendBinary(b []byte) []byte {
	b = append(b, scoreVersion, byte(s.Flags))
	b = s.CardAt.append(b)
	b = s.ATMAt.append(b)
	b = s.Transaction.AppendBinary(b)
	b = wire.Fixed(b, s.FeatureSet)
	b = wire.Uint(b, uint64(len(s.Vector)))
	for _, v := range s.Vector {
		b = wire.Float(b, v)
	}
	b = wire.Float(wire.Float(b, s.Score), s.Threshold)
	b = wire.String(b, s.Decision)
	b = wire.Uint(b, uint64(len(s.Reasons)))
	for i := range s.Reasons {
		r := &s.Reasons[i]
		b = wire.Float(wire.String(wire.String(b, r.Code), r.Text), r.Contribution)
	}
	b = wire.String(wire.String(b, s.Model), s.Rules)
	return wire.Int(wire.Int(b, int64(s.Produced)), int64(s.Scored))
}

// DecodeScore reads one binary score into s, reusing its slices. The strings of s alias b.
func DecodeScore(b []byte, s *Score) error {
	r := wire.NewReader(b)
	if v := r.Byte(); r.Err() == nil && v != scoreVersion {
		return fmt.Errorf("decode score: format %d is not %d", v, scoreVersion)
	}
	*s = Score{Flags: Flags(r.Byte()), CardAt: readPosition(r), ATMAt: readPosition(r), Vector: s.Vector[:0], Reasons: s.Reasons[:0]}
	s.Transaction.ReadBinary(r)
	s.FeatureSet = r.Fixed()
	for range r.Count(8) {
		s.Vector = append(s.Vector, r.Float())
	}
	s.Score, s.Threshold = r.Float(), r.Float()
	s.Decision = Decision(r.String())
	for range r.Count(10) {
		s.Reasons = append(s.Reasons, Reason{Code: r.String(), Text: r.String(), Contribution: r.Float()})
	}
	s.Model, s.Rules = r.String(), r.String()
	s.Produced, s.Scored = Time(r.Int()), Time(r.Int())
	if err := r.End(); err != nil {
		return fmt.Errorf("decode score: %w", err)
	}
	return nil
}

func (p Position) append(b []byte) []byte {
	return wire.Int(wire.Int(b, int64(p.Partition)), p.Offset)
}

func readPosition(r *wire.Reader) Position {
	return Position{Partition: int32(r.Int()), Offset: r.Int()}
}
