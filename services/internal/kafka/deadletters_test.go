package kafka

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"skimwatch/engine/atm"
)

func TestDeadLetter(t *testing.T) {
	f := func(l atm.DeadLetter, key, want string) {
		t.Helper()
		r, err := NewDeadLetter(l, []byte(key))
		if err != nil || string(r.Value) != want || string(r.Key) != key {
			t.Errorf("%v, key %q: %s, want %s", err, r.Key, r.Value, want)
		}
		got, err := DecodeDeadLetter(r.Value)
		if err != nil || got.Topic != l.Topic || got.Partition != l.Partition || got.Offset != l.Offset || !bytes.Equal(got.Bytes, l.Bytes) {
			t.Errorf("%s is read as %+v, %v", r.Value, got, err)
		}
	}
	l := atm.DeadLetter{Topic: Labels, Reason: "fraud is missing", Partition: 2, Offset: 7, Bytes: []byte("{}")}
	f(l, "tx-1", `{"reason":"fraud is missing","partition":2,"offset":7,"bytes":"e30=","topic":"labels","key":"tx-1"}`)
	// no key
	f(l, "", `{"reason":"fraud is missing","partition":2,"offset":7,"bytes":"e30=","topic":"labels"}`)
	// a key, and a reason that quotes it, which are no text
	l.Reason = "\xff is no kind, nor is \x00"
	f(l, "\x00\xff", `{"reason":"� is no kind, nor is �","partition":2,"offset":7,"bytes":"e30=","topic":"labels","key":"��"}`)
}

// However broken a record is, its letter fits into its topic.
func TestDeadLetterIsBounded(t *testing.T) {
	const half = 1 << 19
	whole := strings.Repeat("\x01", half)
	r, err := NewDeadLetter(atm.DeadLetter{Topic: Labels, Reason: whole + whole, Bytes: []byte(whole)}, []byte(strings.Repeat("ü", half/2)))
	if err != nil {
		t.Fatal(err)
	}
	size := len(r.Key) + len(r.Value) + len(r.Headers[0].Value)
	if size > 1<<21 || !utf8.Valid(r.Value) {
		t.Errorf("%d bytes for a record of %d", size, 2*half)
	}
	var l atm.DeadLetter
	if err := json.Unmarshal(r.Value, &l); err != nil || string(l.Bytes) != whole || !strings.HasPrefix(l.Key, "üüü") {
		t.Errorf("%v: %d bytes, key %q", err, len(l.Bytes), l.Key)
	}
}

func TestDecodeDeadLetter(t *testing.T) {
	f := func(in, topic, want string) {
		t.Helper()
		l, err := DecodeDeadLetter([]byte(in))
		if err == nil && (l.Topic != topic || want != "") || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %+v, %v, want topic %q, error %q", in, l, err, topic, want)
		}
	}
	f(`{"reason":"x","partition":1,"offset":2,"bytes":""}`, Transactions, "")
	f(`{"reason":"x","partition":1,"offset":2,"bytes":"","topic":"labels"}`, Labels, "")
	f(`{`, "", "decode dead letter")
	f(`{"partition":-1}`, "", "no place in a topic")
	f(`{"offset":-1}`, "", "no place in a topic")
	f(`{"reason":"\u0000"}`, "", "U+0000")
}
