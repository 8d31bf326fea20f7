// Package state is keyed state: what is remembered per card or per ATM, and its snapshot.
package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"skimwatch/engine/wire"
)

// Value is the state of one key. Its zero value is a key never seen.
type Value[T any] interface {
	*T
	AppendBinary(b []byte) []byte
	ReadBinary(r *wire.Reader)
}

// Store maps keys to their state. It is not safe for use from two goroutines.
type Store[T any, V Value[T]] struct {
	values map[string]V
}

// New returns an empty store.
func New[T any, V Value[T]]() *Store[T, V] { return &Store[T, V]{values: map[string]V{}} }

// At returns the state of a key, a new one when the key was never seen. The key is copied when it is kept.
func (s *Store[T, V]) At(key string) V {
	v, ok := s.values[key]
	if !ok {
		v = new(T)
		s.values[strings.Clone(key)] = v
	}
	return v
}

// Len returns how many keys are kept.
func (s *Store[T, V]) Len() int { return len(s.values) }

// AppendBinary appends all keys in order, so that equal stores give equal bytes.
func (s *Store[T, V]) AppendBinary(b []byte) []byte {
	b = wire.Uint(b, uint64(len(s.values)))
	for _, key := range slices.Sorted(maps.Keys(s.values)) {
		b = s.values[key].AppendBinary(wire.String(b, key))
	}
	return b
}

// ReadBinary reads what AppendBinary appended in place of what the store held; errors stay in r.
func (s *Store[T, V]) ReadBinary(r *wire.Reader) {
	n := r.Count(2)
	s.values = make(map[string]V, n)
	for range n {
		key := strings.Clone(r.String())
		if _, twice := s.values[key]; twice {
			r.Fail(fmt.Errorf("key %q stands twice", key))
		}
		if r.Err() != nil {
			return
		}
		v := V(new(T))
		v.ReadBinary(r)
		s.values[key] = v
	}
}
