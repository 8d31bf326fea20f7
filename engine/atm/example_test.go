package atm_test

import (
	"fmt"

	"skimwatch/engine/atm"
)

func ExampleDecode() {
	record := []byte(`{"id":"t1","time":"2026-01-05T10:30:00.25+01:00","card":"tok_1","atm":"ATM1","kind":"withdrawal","amount":20000,"host":"x"}`)
	var t atm.Transaction
	fmt.Println(atm.Decode(record, &t))
	fmt.Println(t.Time, t.Kind, t.Amount, t.Response, t.Is(atm.HasPlace))
	fmt.Println(string(t.AppendJSON(nil)))
	fmt.Println(atm.Decode([]byte(`{"id":"t2","time":"yesterday"}`), &t))
	// Output:
	// <nil>
	// 2026-01-05T09:30:00.25Z withdrawal 20000 00 false
	// {"id":"t1","time":"2026-01-05T09:30:00.25Z","card":"tok_1","atm":"ATM1","kind":"withdrawal","amount":20000,"response":"00"}
	// time "yesterday" is not RFC 3339, such as 2026-01-05T09:30:00.250Z
}
