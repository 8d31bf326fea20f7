package kafka

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"skimwatch/engine/atm"
)

// What a dead letter says in words is bounded, in bytes: a broken record may be nothing but one long name, and the letter that
// quotes it must still fit into its topic.
const (
	longestReason = 1024
	longestKey    = 256
)

// NewDeadLetter returns the record that keeps l, whose Topic is set, on the topic DeadLetters. The record's key is key, that of
// the record that did not decode, as it was; in l the key is text, and a long one is cut. The same l and key give the same bytes.
func NewDeadLetter(l atm.DeadLetter, key []byte) (Record, error) {
	l.Reason, l.Key = text(l.Reason, longestReason), text(string(key), longestKey)
	value, err := json.Marshal(&l)
	if err != nil {
		return Record{}, fmt.Errorf("encode the dead letter of %s/%d at %d: %w", l.Topic, l.Partition, l.Offset, err)
	}
	return Record{Key: key, Value: value, Headers: []Header{{Key: "reason", Value: []byte(l.Reason)}}}, nil
}

// text returns s as UTF-8 that a database keeps, cut to n bytes or a little more.
func text(s string, n int) string {
	if len(s) > n {
		s = s[:n] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// DecodeDeadLetter reads a dead letter. One that names no topic is of transactions: it was written when nothing else had any.
func DecodeDeadLetter(b []byte) (l atm.DeadLetter, err error) {
	if err := json.Unmarshal(b, &l); err != nil {
		return l, fmt.Errorf("decode dead letter: %w", err)
	}
	if l.Topic == "" {
		l.Topic = Transactions
	}
	if l.Partition < 0 || l.Offset < 0 {
		return l, fmt.Errorf("decode dead letter: partition %d and offset %d are no place in a topic", l.Partition, l.Offset)
	}
	if strings.ContainsRune(l.Topic+l.Key+l.Reason, 0) {
		return l, errors.New("decode dead letter: topic, key or reason holds U+0000, which no database keeps")
	}
	return l, nil
}
