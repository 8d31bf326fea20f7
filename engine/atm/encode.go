package atm

import (
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends t as one JSON object with the fields in the order of the schema; absent optional fields are left out.
func (t *Transaction) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = appendString(b, t.ID)
	b = append(b, `,"time":"`...)
	b = t.Time.append(b)
	b = append(b, '"')
	for _, f := range [...]struct{ key, value string }{{"card", t.Card}, {"bin", t.BIN}, {"last4", t.Last4}, {"account", t.Account}, {"customer", t.Customer}, {"atm", t.ATM}} {
		b = appendField(b, f.key, f.value)
	}
	if t.Is(HasPlace) {
		b = strconv.AppendFloat(append(b, `,"lat":`...), t.Lat, 'f', -1, 64)
		b = strconv.AppendFloat(append(b, `,"lon":`...), t.Lon, 'f', -1, 64)
	}
	b = appendField(b, "country", t.Country)
	b = appendField(b, "city", t.City)
	b = appendField(b, "kind", t.Kind.String())
	if t.Is(HasAmount) {
		b = strconv.AppendInt(append(b, `,"amount":`...), t.Amount, 10)
	}
	for _, f := range [...]struct{ key, value string }{{"currency", t.Currency}, {"entry", t.Entry.String()}, {"response", string(t.Response)}, {"reversal_of", t.ReversalOf}, {"reversal_reason", t.ReversalReason}} {
		b = appendField(b, f.key, f.value)
	}
	if t.Is(HasLimit) {
		b = strconv.AppendInt(append(b, `,"daily_limit":`...), t.DailyLimit, 10)
	}
	if t.Is(HasBalance) {
		b = strconv.AppendInt(append(b, `,"balance_after":`...), t.BalanceAfter, 10)
	}
	return append(b, '}')
}

// MarshalJSON is AppendJSON for encoding/json.
func (t *Transaction) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil), nil }

// UnmarshalJSON is Decode for encoding/json; it copies b.
func (t *Transaction) UnmarshalJSON(b []byte) error { return Decode(append([]byte(nil), b...), t) }

func appendField(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, ',', '"'), key...), '"', ':')
	return appendString(b, value)
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		i++
	}
	return append(b, '"')
}
