package atm

import (
	"fmt"
	"strings"
	"testing"
)

// full is a record with every field of the schema.
const full = `{"id":"t1","time":"2026-01-05T09:30:00.25Z","card":"tok_1","bin":"457000","last4":"1234","account":"a1","customer":"c1",` +
	`"atm":"ATM1","lat":47.05,"lon":-8.3,"country":"CH","city":"Luzern","kind":"withdrawal","amount":20000,"currency":"CHF","entry":"chip",` +
	`"response":"51","reversal_of":"t0","reversal_reason":"13","daily_limit":500000,"balance_after":-1200}`

// least has the required fields only.
const least = `{"id":"t1","time":"2026-01-05T09:30:00Z","card":"c","atm":"A","kind":"balance"}`

var fullTransaction = Transaction{
	ID: "t1", Time: 1767605400_250000, Card: "tok_1", BIN: "457000", Last4: "1234", Account: "a1", Customer: "c1",
	ATM: "ATM1", Lat: 47.05, Lon: -8.3, Country: "CH", City: "Luzern", Kind: Withdrawal, Amount: 20000, Currency: "CHF", Entry: Chip,
	Response: NoFunds, ReversalOf: "t0", ReversalReason: "13", DailyLimit: 500000, BalanceAfter: -1200,
	Has: HasPlace | HasAmount | HasLimit | HasBalance,
}

// with returns least with one more field, which wins over an earlier one of the same name.
func with(field string) string { return strings.TrimSuffix(least, "}") + "," + field + "}" }

// without returns full with one field renamed to something unknown.
func without(key string) string { return strings.Replace(full, `"`+key+`":`, `"x":`, 1) }

func TestDecodeAccepts(t *testing.T) {
	f := func(record string, want Transaction) {
		t.Helper()
		got := Transaction{City: "left over", Has: 255}
		if err := Decode([]byte(record), &got); err != nil {
			t.Fatalf("%s: %v", record, err)
		}
		if got != want {
			t.Fatalf("%s:\n got %+v\nwant %+v", record, got, want)
		}
	}
	bare := Transaction{ID: "t1", Time: 1767605400_000000, Card: "c", ATM: "A", Kind: Balance, Response: Approved}
	change := func(edit func(*Transaction)) Transaction { c := bare; edit(&c); return c }

	f(full, fullTransaction)
	f(least, bare)
	// white space wherever JSON allows it
	f(" \t\r\n"+strings.NewReplacer(`":`, "\" :\n", ",", "\t,\r ", "}", " }").Replace(least)+" \n", bare)
	// unknown fields of every type, nested too
	f(with(`"x":{"id":"no","y":[1,-2.5e+3,{"z":[]},{}],"t":true,"f":false,"n":null},"w":[ ],"v":"\u00e9"`), bare)
	f(with(`"x":`+strings.Repeat("[", maxDepth)+"7"+strings.Repeat("]", maxDepth)), bare)
	// names are case-sensitive
	f(with(`"ID":"other","Kind":7`), bare)
	// a key and a value with escapes
	f(strings.Replace(least, `"id"`, `"\u0069d"`, 1), bare)
	f(with(`"city":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`), change(func(c *Transaction) { c.City = "a\"\\/\b\f\n\r\té😀" }))
	f(with(`"city":"Zürich 東京"`), change(func(c *Transaction) { c.City = "Zürich 東京" }))
	// the last of two equal names wins, and null is no value
	f(with(`"card":"d"`), change(func(c *Transaction) { c.Card = "d" }))
	f(with(`"card":null,"lat":null,"lon":null,"amount":null,"entry":null`), bare)
	// empty codes are absent
	f(with(`"country":"","currency":"","response":""`), bare)
	// zero amounts and places are not absent
	f(with(`"amount":0,"daily_limit":-0,"balance_after":0,"lat":0,"lon":-0.0`), change(func(c *Transaction) { c.Has = HasPlace | HasAmount | HasLimit | HasBalance }))
	// bounds
	f(with(`"amount":10000000000000,"balance_after":-10000000000000`), change(func(c *Transaction) {
		c.Amount, c.BalanceAfter, c.Has = MaxAmount, -MaxAmount, HasAmount|HasBalance
	}))
	f(with(`"lat":-90,"lon":180.0e0`), change(func(c *Transaction) { c.Lat, c.Lon, c.Has = -90, 180, HasPlace }))
	f(with(`"city":"`+strings.Repeat("x", MaxString)+`"`), change(func(c *Transaction) { c.City = strings.Repeat("x", MaxString) }))
	f(with(`"response":"Z9"`), change(func(c *Transaction) { c.Response = "Z9" }))
	f(with(`"kind":"reversal","amount":5,"reversal_of":"t0","reversal_reason":"20"`), change(func(c *Transaction) {
		c.Kind, c.Amount, c.Has, c.ReversalOf, c.ReversalReason = Reversal, 5, HasAmount, "t0", "20"
	}))
}

func TestDecodeEnumerations(t *testing.T) {
	for i, name := range Kinds[1:] {
		var got Transaction
		if err := Decode([]byte(with(fmt.Sprintf(`"amount":1,"reversal_of":"x","reversal_reason":"20","kind":%q`, name))), &got); err != nil || got.Kind != Kind(i+1) || got.Kind.String() != name {
			t.Errorf("kind %s: %v, %v", name, got.Kind, err)
		}
	}
	for i, name := range Entries[1:] {
		var got Transaction
		if err := Decode([]byte(with(fmt.Sprintf(`"entry":%q`, name))), &got); err != nil || got.Entry != Entry(i+1) || got.Entry.String() != name {
			t.Errorf("entry %s: %v, %v", name, got.Entry, err)
		}
	}
	if s := Kind(99).String() + Entry(99).String(); s != "" {
		t.Errorf("enumerations without a name are called %q", s)
	}
}

// refuses holds Decode to an error whose text holds each part: the field and the value.
func refuses(t *testing.T) func(record string, parts ...string) {
	return func(record string, parts ...string) {
		t.Helper()
		var got Transaction
		err := Decode([]byte(record), &got)
		if err == nil {
			t.Fatalf("%.200s is accepted", record)
		}
		for _, p := range parts {
			if !strings.Contains(err.Error(), p) {
				t.Fatalf("%.200s: error %q does not say %q", record, err, p)
			}
		}
		if len(err.Error()) > 400 {
			t.Fatalf("the error has %d bytes", len(err.Error()))
		}
	}
}

func TestDecodeRefusesFields(t *testing.T) {
	f := refuses(t)
	// missing
	for _, key := range []string{"id", "time", "card", "atm", "kind", "amount"} {
		f(without(key), key+" is missing")
	}
	f(strings.Replace(full, `"lon":`, `"x":`, 1), "lat is given without lon")
	f(strings.Replace(full, `"lat":`, `"x":`, 1), "lon is given without lat")
	f(with(`"lat":1,"lon":null`), "lat is given without lon")
	f(strings.Replace(full, `"card":"tok_1"`, `"card":null`, 1), "card is missing")
	f(strings.Replace(full, `"card":"tok_1"`, `"card":""`, 1), "card is missing")
	f("{}", "id is missing")
	// what joins fields
	for _, kind := range []string{"withdrawal", "deposit", "transfer", "dispense"} {
		f(with(`"kind":"`+kind+`"`), "amount is missing", kind)
	}
	f(with(`"kind":"reversal","amount":1,"reversal_reason":"20"`), "reversal_of is missing")
	f(with(`"kind":"reversal","amount":1,"reversal_of":"t0"`), "reversal_reason is missing")
	// wrong types
	for _, key := range []string{"id", "time", "card", "bin", "last4", "account", "customer", "atm", "country", "city", "kind", "currency", "entry", "response", "reversal_of", "reversal_reason"} {
		for _, value := range []string{"7", "true", "{}", `["x"]`} {
			f(with(`"`+key+`":`+value), key, value, "is not a string")
		}
	}
	for _, key := range []string{"lat", "lon", "amount", "daily_limit", "balance_after"} {
		for _, value := range []string{`"7"`, "true", "{}", "[1]", "-", "+1", ".5", "01", "NaN", "Infinity"} {
			f(with(`"`+key+`":`+value), key)
		}
	}
	// out of bounds
	f(with(`"amount":-1`), "amount -1")
	f(with(`"amount":10000000000001`), "amount 10000000000001")
	f(with(`"amount":99999999999999999999`), "amount 99999999999999999999")
	f(with(`"amount":1.0`), "amount 1.0", "integer")
	f(with(`"amount":1e3`), "amount 1e3", "integer")
	f(with(`"balance_after":-10000000000001`), "balance_after")
	f(with(`"daily_limit":-1`), "daily_limit -1")
	f(with(`"lat":90.0001,"lon":0`), "lat 90.0001")
	f(with(`"lat":0,"lon":-180.5`), "lon -180.5")
	f(with(`"lat":1e999,"lon":0`), "lat 1e999")
	f(with(`"city":"`+strings.Repeat("x", MaxString+1)+`"`), "city of 257 bytes")
	f(with(`"city":"\n`+strings.Repeat("x", MaxString)+`"`), "city of 257 bytes")
	// codes and names
	f(with(`"country":"che"`), `country "che"`)
	f(with(`"country":"ch"`), `country "ch"`)
	f(with(`"currency":"EU1"`), `currency "EU1"`)
	f(with(`"response":"000"`), `response "000"`)
	f(with(`"response":"é"`), `response "é"`)
	f(with(`"kind":"theft"`), `kind "theft"`, "withdrawal")
	f(with(`"kind":""`), "kind is missing")
	f(with(`"city":"a\u0000b"`), "U+0000")
	f(with(`"entry":"Chip"`), `entry "Chip"`, "magstripe")
}

func TestDecodeRefusesWhatIsNotJSON(t *testing.T) {
	f := refuses(t)
	for _, record := range []string{" ", "null", "[]", `"x"`, "7", "\xef\xbb\xbf" + least, "\x00"} {
		f(record, "an object")
	}
	f("", "record is empty")
	// cut anywhere
	for i := 1; i < len(least); i++ {
		f(least[:i])
	}
	f(least+"x", "follows the object")
	f(least+least, "follows the object")
	f(strings.Replace(least, `,"card"`, `,,"card"`, 1))
	f(strings.TrimSuffix(least, "}") + ",}")
	f(strings.Replace(least, `"card":`, `"card"`, 1), "a colon")
	f(strings.Replace(least, `"card":`, `card:`, 1), "a string")
	f(strings.Replace(least, `,"card"`, ` "card"`, 1), "a comma")
	f(strings.ReplaceAll(least, `"`, `'`))
	// control characters, bad UTF-8 and bad escapes, in known and unknown places, with and without an escape beside them
	for _, key := range []string{"city", "x"} {
		for _, value := range []string{"a\nb", "a\x00b", "\\n\tb", "a\xffb", "\\n\xffb", "\xff\\n", "\xed\xa0\x80", `\x`, `\u12g4`, `\u12`, `\`} {
			f(with(`"` + key + `":"` + value + `"`))
		}
	}
	f(with("\"a\xff\":1"), "UTF-8")
	// values of unknown fields are checked too
	for _, value := range []string{"tru", "nul", "nullx", "01", "1.", "1e", "-", "[1,]", "[1 2]", `{"a"}`, `{"a":}`, `{"a":1,}`, `{1:2}`, "[", "{", ""} {
		f(with(`"x":` + value))
	}
	f(with(`"x":`+strings.Repeat("[", maxDepth+1)+"7"+strings.Repeat("]", maxDepth+1)), "nested deeper than 32")
	f(with(`"x":`+strings.Repeat(`{"a":`, 5000)), "nested deeper than 32")
	f(with(`"x":"`+strings.Repeat("x", MaxRecord)+`"`), "larger than 65536")
}

func TestCheckFollowsDecode(t *testing.T) {
	c := fullTransaction
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	c.Response = ""
	if err := c.Check(); err != nil || c.Response != Approved {
		t.Errorf("a transaction without response: %q, %v", c.Response, err)
	}
	c.Has &^= HasAmount
	if err := c.Check(); err == nil {
		t.Error("a withdrawal without amount passes")
	}
}

func TestDecodeAllocatesNothing(t *testing.T) {
	f := func(record string) {
		t.Helper()
		b := []byte(record)
		var got Transaction
		if n := testing.AllocsPerRun(100, func() {
			if err := Decode(b, &got); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v allocations for %s", n, record)
		}
	}
	f(full)
	f(least)
	f(with(`"unknown":{"a":[1,2,"three"]}`))
}
