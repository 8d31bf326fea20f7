package engine_test

import (
	"fmt"

	"skimwatch/engine"
	"skimwatch/engine/atm"
)

func Example() {
	p := engine.New(engine.Config{})
	var s atm.Score
	for _, record := range []string{
		`{"id":"t1","time":"2026-01-05T08:00:00Z","card":"tok_1","atm":"ZRH1","lat":47.37,"lon":8.54,"kind":"withdrawal","amount":10000,"entry":"chip"}`,
		`{"id":"t2","time":"2026-01-05T09:00:00Z","card":"tok_1","atm":"NYC7","lat":40.71,"lon":-74.01,"kind":"withdrawal","amount":50000,"entry":"magstripe"}`,
	} {
		var t atm.Transaction
		if err := atm.Decode([]byte(record), &t); err != nil {
			fmt.Println(err)
			continue
		}
		p.Push(&t, &s)
		fmt.Printf("%s %s %.2f\n", t.ID, s.Decision, s.Score)
		for _, r := range s.Reasons {
			fmt.Println("  ", r.Code, "-", r.Text)
		}
	}
	// Output:
	// t1 pass 0.00
	// t2 alert 0.90
	//    rule:impossible_travel - The card was used over 50 km apart, faster than 800 km/h.
}
