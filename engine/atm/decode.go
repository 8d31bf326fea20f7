package atm

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// Bounds of what a record may hold. A record outside them is refused, so that no sum can overflow and no key can fill the memory.
const (
	MaxRecord = 64 << 10           // bytes of one JSON record
	MaxString = 256                // bytes of one string field
	MaxAmount = 10_000_000_000_000 // minor units
)

// Decode reads one JSON transaction into t, which is overwritten. It is strict: a missing required field, a wrong type or
// an unknown name of an enumeration is an error that names the field and the value. Unknown fields are skipped.
//
// The strings of t alias b: the caller must not change b afterwards. Decode allocates only for strings with escapes.
func Decode(b []byte, t *Transaction) error {
	*t = Transaction{}
	if len(b) == 0 {
		return errors.New("record is empty")
	}
	if len(b) > MaxRecord {
		return fmt.Errorf("record of %d bytes is larger than %d", len(b), MaxRecord)
	}
	p := parser{b: b}
	if err := p.object(t); err != nil {
		return err
	}
	return t.check(p.seen)
}

// Check reports what a transaction built in Go lacks, by the rules of Decode.
func (t *Transaction) Check() error {
	return t.check(seenTime)
}

// check applies the rules that join fields.
func (t *Transaction) check(seen seen) error {
	switch {
	case t.ID == "":
		return errors.New("id is missing")
	case seen&seenTime == 0:
		return errors.New("time is missing")
	case t.Card == "":
		return errors.New("card is missing")
	case t.ATM == "":
		return errors.New("atm is missing")
	case t.Kind == 0:
		return errors.New("kind is missing")
	case t.Kind.Money() && !t.Is(HasAmount):
		return fmt.Errorf("amount is missing, and a %s must have one", t.Kind)
	case t.Kind == Reversal && t.ReversalOf == "":
		return errors.New("reversal_of is missing, and a reversal must have one")
	case t.Kind == Reversal && t.ReversalReason == "":
		return errors.New("reversal_reason is missing, and a reversal must have one")
	case seen&(seenLat|seenLon) == seenLat:
		return errors.New("lat is given without lon")
	case seen&(seenLat|seenLon) == seenLon:
		return errors.New("lon is given without lat")
	}
	if seen&seenLat != 0 {
		t.Has |= HasPlace
	}
	if t.Response == "" {
		t.Response = Approved
	}
	return nil
}

// seen notes the fields whose zero value does not tell absence.
type seen uint8

const (
	seenTime seen = 1 << iota
	seenLat
	seenLon
)

// parser walks over one JSON text.
type parser struct {
	b    []byte
	i    int
	seen seen
}

// object reads the whole text as one object of transaction fields.
func (p *parser) object(t *Transaction) error {
	p.space()
	if !p.take('{') {
		return p.unexpected("an object")
	}
	p.space()
	if p.take('}') {
		return p.end()
	}
	for {
		p.space()
		key, err := p.str()
		if err != nil {
			return err
		}
		p.space()
		if !p.take(':') {
			return p.unexpected("a colon")
		}
		p.space()
		if p.literal("null") {
			// null is the same as absent
		} else if err := p.field(t, key); err != nil {
			return err
		}
		p.space()
		if p.take('}') {
			return p.end()
		}
		if !p.take(',') {
			return p.unexpected("a comma or the end of the object")
		}
	}
}

// field reads the value of one field.
func (p *parser) field(t *Transaction, key string) (err error) {
	switch key {
	case "id":
		t.ID, err = p.text(key)
	case "time":
		t.Time, err = p.time()
	case "card":
		t.Card, err = p.text(key)
	case "bin":
		t.BIN, err = p.text(key)
	case "last4":
		t.Last4, err = p.text(key)
	case "account":
		t.Account, err = p.text(key)
	case "customer":
		t.Customer, err = p.text(key)
	case "atm":
		t.ATM, err = p.text(key)
	case "lat":
		t.Lat, err = p.degrees(key, 90, seenLat)
	case "lon":
		t.Lon, err = p.degrees(key, 180, seenLon)
	case "country":
		t.Country, err = p.code(key, 2, isUpper)
	case "city":
		t.City, err = p.text(key)
	case "kind":
		var i uint8
		i, err = p.oneOf(key, Kinds[1:])
		t.Kind = Kind(i)
	case "amount":
		t.Amount, err = p.money(key, 0)
		t.Has |= HasAmount
	case "currency":
		t.Currency, err = p.code(key, 3, isUpper)
	case "entry":
		var i uint8
		i, err = p.oneOf(key, Entries[1:])
		t.Entry = Entry(i)
	case "response":
		var s string
		s, err = p.code(key, 2, isAlphanumeric)
		t.Response = Response(s)
	case "reversal_of":
		t.ReversalOf, err = p.text(key)
	case "reversal_reason":
		t.ReversalReason, err = p.text(key)
	case "daily_limit":
		t.DailyLimit, err = p.money(key, 0)
		t.Has |= HasLimit
	case "balance_after":
		t.BalanceAfter, err = p.money(key, -MaxAmount)
		t.Has |= HasBalance
	default:
		err = p.skip(0)
	}
	return err
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// text reads a string of bounded length.
func (p *parser) text(key string) (string, error) {
	if p.peek() != '"' {
		return "", p.wrongType(key, "a string")
	}
	s, err := p.str()
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	if len(s) > MaxString {
		return "", fmt.Errorf("%s of %d bytes is longer than %d", key, len(s), MaxString)
	}
	return s, nil
}

// code reads a string of exactly n characters of one class; an empty string is the same as absent.
func (p *parser) code(key string, n int, legal func(byte) bool) (string, error) {
	s, err := p.text(key)
	if err != nil || s == "" {
		return "", err
	}
	if len(s) != n {
		return "", fmt.Errorf("%s %q has not %d characters", key, s, n)
	}
	for i := range len(s) {
		if !legal(s[i]) {
			return "", fmt.Errorf("%s %q is not a legal code", key, s)
		}
	}
	return s, nil
}

// oneOf reads a name and returns its place in names, counted from 1; an empty string is the same as absent.
func (p *parser) oneOf(key string, names []string) (uint8, error) {
	s, err := p.text(key)
	if err != nil || s == "" {
		return 0, err
	}
	for i, n := range names {
		if n == s {
			return uint8(i + 1), nil
		}
	}
	return 0, fmt.Errorf("%s %q is not one of %v", key, s, names)
}

func (p *parser) time() (Time, error) {
	s, err := p.text("time")
	if err != nil {
		return 0, err
	}
	t, err := parseTime(s)
	p.seen |= seenTime
	return t, err
}

func (p *parser) degrees(key string, limit float64, bit seen) (float64, error) {
	raw, err := p.number(key)
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || f < -limit || f > limit {
		return 0, fmt.Errorf("%s %s is not between %g and %g degrees", key, raw, -limit, limit)
	}
	p.seen |= bit
	return f, nil
}

func (p *parser) money(key string, low int64) (int64, error) {
	raw, err := p.number(key)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s %s is not an integer of minor units", key, raw)
	}
	if n < low || n > MaxAmount {
		return 0, fmt.Errorf("%s %d is not between %d and %d", key, n, low, int64(MaxAmount))
	}
	return n, nil
}

// number returns the text of a JSON number.
func (p *parser) number(key string) (string, error) {
	start := p.i
	if p.peek() == '-' {
		p.i++
	}
	digits := p.digits()
	if digits == 0 || digits > 1 && p.b[p.i-digits] == '0' {
		p.i = start
		return "", p.wrongType(key, "a number")
	}
	if p.peek() == '.' {
		p.i++
		if p.digits() == 0 {
			return "", p.unexpected("a digit")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		if p.digits() == 0 {
			return "", p.unexpected("a digit")
		}
	}
	return alias(p.b[start:p.i]), nil
}

func (p *parser) digits() int {
	start := p.i
	for p.i < len(p.b) && '0' <= p.b[p.i] && p.b[p.i] <= '9' {
		p.i++
	}
	return p.i - start
}

// str reads a JSON string; without escapes it aliases the text.
func (p *parser) str() (string, error) {
	if !p.take('"') {
		return "", p.unexpected("a string")
	}
	start, ascii := p.i, true
	for ; p.i < len(p.b); p.i++ {
		switch c := p.b[p.i]; {
		case c == '"':
			s := p.b[start:p.i]
			p.i++
			if !ascii && !utf8.Valid(s) {
				return "", fmt.Errorf("string at byte %d is not UTF-8", start)
			}
			return alias(s), nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", fmt.Errorf("control character %#02x in a string at byte %d", c, p.i)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", fmt.Errorf("string at byte %d has no end", start)
}

// alias returns b as a string without a copy.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (p *parser) space() {
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.i < len(p.b) {
		return p.b[p.i]
	}
	return 0
}

func (p *parser) take(c byte) bool {
	if p.i < len(p.b) && p.b[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) literal(s string) bool {
	if len(p.b)-p.i >= len(s) && string(p.b[p.i:p.i+len(s)]) == s {
		p.i += len(s)
		return true
	}
	return false
}

func (p *parser) end() error {
	p.space()
	if p.i < len(p.b) {
		return fmt.Errorf("byte %d: %q follows the object", p.i, excerpt(p.b[p.i:]))
	}
	return nil
}

func (p *parser) unexpected(want string) error {
	if p.i >= len(p.b) {
		return fmt.Errorf("record ends at byte %d where %s is expected", p.i, want)
	}
	return fmt.Errorf("byte %d: %q stands where %s is expected", p.i, excerpt(p.b[p.i:]), want)
}

func (p *parser) wrongType(key, want string) error {
	if p.i >= len(p.b) {
		return p.unexpected(want)
	}
	return fmt.Errorf("%s %s is not %s", key, excerpt(value(p.b[p.i:])), want)
}

// value cuts b after the value that it begins with.
func value(b []byte) []byte {
	switch b[0] {
	case '{', '[':
		return b
	case '"':
		if end := bytes.IndexByte(b[1:], '"'); end >= 0 {
			return b[:end+2]
		}
		return b
	}
	if end := bytes.IndexAny(b[1:], ",}] \t\r\n"); end >= 0 {
		return b[:end+1]
	}
	return b
}

// excerpt cuts b to what fits in an error.
func excerpt(b []byte) []byte { return b[:min(len(b), 24)] }
