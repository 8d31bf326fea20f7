package atm

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// mirror is the schema in terms of encoding/json.
type mirror struct {
	ID             string   `json:"id"`
	Time           string   `json:"time"`
	Card           string   `json:"card"`
	BIN            string   `json:"bin,omitempty"`
	Last4          string   `json:"last4,omitempty"`
	Account        string   `json:"account,omitempty"`
	Customer       string   `json:"customer,omitempty"`
	ATM            string   `json:"atm"`
	Lat            *float64 `json:"lat,omitempty"`
	Lon            *float64 `json:"lon,omitempty"`
	Country        string   `json:"country,omitempty"`
	City           string   `json:"city,omitempty"`
	Kind           string   `json:"kind"`
	Amount         *int64   `json:"amount,omitempty"`
	Currency       string   `json:"currency,omitempty"`
	Entry          string   `json:"entry,omitempty"`
	Response       string   `json:"response,omitempty"`
	ReversalOf     string   `json:"reversal_of,omitempty"`
	ReversalReason string   `json:"reversal_reason,omitempty"`
	DailyLimit     *int64   `json:"daily_limit,omitempty"`
	BalanceAfter   *int64   `json:"balance_after,omitempty"`
}

func mirrorOf(t *Transaction) mirror {
	m := mirror{ID: t.ID, Time: t.Time.String(), Card: t.Card, BIN: t.BIN, Last4: t.Last4, Account: t.Account, Customer: t.Customer, ATM: t.ATM,
		Country: t.Country, City: t.City, Kind: t.Kind.String(), Currency: t.Currency, Entry: t.Entry.String(), Response: string(t.Response),
		ReversalOf: t.ReversalOf, ReversalReason: t.ReversalReason}
	if t.Is(HasPlace) {
		m.Lat, m.Lon = &t.Lat, &t.Lon
	}
	if t.Is(HasAmount) {
		m.Amount = &t.Amount
	}
	if t.Is(HasLimit) {
		m.DailyLimit = &t.DailyLimit
	}
	if t.Is(HasBalance) {
		m.BalanceAfter = &t.BalanceAfter
	}
	return m
}

func TestAppendJSONWritesWhatEncodingJSONWould(t *testing.T) {
	f := func(edit func(*Transaction)) {
		t.Helper()
		c := fullTransaction
		edit(&c)
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(mirrorOf(&c)); err != nil {
			t.Fatal(err)
		}
		if got := string(c.AppendJSON(nil)) + "\n"; got != want.String() {
			t.Errorf("\n got %swant %s", got, want.String())
		}
	}
	f(func(*Transaction) {})
	f(func(c *Transaction) { c.Has, c.City, c.Entry, c.Currency, c.ReversalOf = 0, "", 0, "", "" })
	f(func(c *Transaction) { c.City = `"\/<&>` + "é東😀\x7f" })
	f(func(c *Transaction) { c.Lat, c.Lon, c.Amount = 0, -179.99999, 0 })
	f(func(c *Transaction) { c.Time = 0 })
}

// Control characters may be escaped in more than one way; what they mean must not change. Bad UTF-8 is replaced.
func TestAppendJSONEscapes(t *testing.T) {
	f := func(city, want string) {
		t.Helper()
		c := fullTransaction
		c.City = city
		var back Transaction
		if err := Decode(c.AppendJSON(nil), &back); err != nil || back.City != want {
			t.Errorf("%q comes back as %q, %v", city, back.City, err)
		}
	}
	for c := 1; c < 0x20; c++ { // U+0000 is refused
		f("a"+string(rune(c))+"b", "a"+string(rune(c))+"b")
	}
	f("\u2028\ufffd\x7f", "\u2028\ufffd\x7f")
	f("a\xffb\xe6", "a\ufffdb\ufffd")
	f(strings.Repeat("é", MaxString/2), strings.Repeat("é", MaxString/2))
}

func TestTransactionInEncodingJSON(t *testing.T) {
	b, err := json.Marshal(map[string]any{"t": &fullTransaction})
	if err != nil {
		t.Fatal(err)
	}
	var back struct{ T Transaction }
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	clear(b) // UnmarshalJSON must not alias what encoding/json lends it
	if back.T != fullTransaction {
		t.Errorf("%+v", back.T)
	}
	if err := json.Unmarshal([]byte(`{"t":{"id":"x"}}`), &back); err == nil || !strings.Contains(err.Error(), "time is missing") {
		t.Errorf("a bad transaction: %v", err)
	}
}
