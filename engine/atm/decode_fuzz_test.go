package atm

import (
	"bytes"
	"encoding/json"
	"testing"

	"skimwatch/engine/wire"
)

// FuzzDecode holds the decoder against encoding/json: whatever it accepts is JSON with the same values, and survives
// being written and read again.
func FuzzDecode(f *testing.F) {
	for _, record := range []string{full, least, with(`"x":[{"y":null},-1e5]`), with(`"city":"\ud800\n"`), with(`"card":"d","card":null`), with(`"lat":-0,"lon":1e-300`), "{", ""} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var got Transaction
		if Decode(b, &got) != nil {
			return
		}
		again, out := Transaction{}, got.AppendJSON(nil)
		if err := Decode(out, &again); err != nil || again != got {
			t.Fatalf("%s\nwritten as %s\nis read as %+v, %v", b, out, again, err)
		}
		compare(t, b, mirrorOf(&got))
	})
}

// compare holds the fields that b has, by encoding/json, against what was decoded from it.
func compare(t *testing.T, b []byte, m mirror) {
	t.Helper()
	var std map[string]any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&std); err != nil || d.More() || !json.Valid(b) {
		t.Fatalf("%q was accepted, but encoding/json says %v", b, err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var ours map[string]any
	d = json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&ours); err != nil {
		t.Fatal(err)
	}
	for key, value := range ours {
		theirs := std[key]
		if theirs == nil || key == "time" {
			continue // defaulted, or null after a value
		}
		if n, ok := theirs.(json.Number); ok {
			a, _ := n.Float64()
			b, _ := value.(json.Number).Float64()
			if a == b {
				continue
			}
		} else if theirs == value || key == "response" && theirs == "" {
			continue
		}
		t.Fatalf("%q: %s is %v, encoding/json reads %v", b, key, value, theirs)
	}
}

func FuzzTransactionBinary(f *testing.F) {
	f.Add(fullTransaction.AppendBinary(nil))
	f.Add((&Transaction{}).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got, again Transaction
		r := wire.NewReader(b)
		if got.ReadBinary(r); r.End() != nil {
			return
		}
		out := got.AppendBinary(nil)
		r = wire.NewReader(out)
		if again.ReadBinary(r); r.End() != nil || string(again.AppendBinary(nil)) != string(out) {
			t.Fatalf("%x is read again as %+v, %v", out, again, r.End())
		}
	})
}

func FuzzDecodeScore(f *testing.F) {
	f.Add(fullScore.AppendBinary(nil))
	f.Add((&Score{}).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got, again Score
		if DecodeScore(b, &got) != nil {
			return
		}
		if len(got.Vector)*8 > len(b) || len(got.Reasons)*10 > len(b) {
			t.Fatalf("%d bytes gave %d values and %d reasons", len(b), len(got.Vector), len(got.Reasons))
		}
		out := got.AppendBinary(nil)
		if err := DecodeScore(out, &again); err != nil || string(again.AppendBinary(nil)) != string(out) {
			t.Fatalf("%x is read again as %+v, %v", out, again, err)
		}
	})
}
