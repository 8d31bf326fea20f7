package atm

import (
	"fmt"
	"time"
)

// Time is an instant in microseconds since the Unix epoch, UTC. Digits finer than a microsecond are cut off.
type Time int64

// Spans in the unit of Time.
const (
	Millisecond Time = 1000
	Second           = 1000 * Millisecond
	Minute           = 60 * Second
	Hour             = 60 * Minute
	Day              = 24 * Hour
)

// TimeOf converts t, cutting it to the microsecond.
func TimeOf(t time.Time) Time { return Time(t.UnixMicro()) }

// Std returns t as a UTC time.Time.
func (t Time) Std() time.Time { return time.UnixMicro(int64(t)).UTC() }

// String formats t as RFC 3339 with the fraction it has.
func (t Time) String() string { return string(t.append(nil)) }

// Duration returns a span as a time.Duration.
func (t Time) Duration() time.Duration { return time.Duration(t) * time.Microsecond }

func (t Time) append(b []byte) []byte { return t.Std().AppendFormat(b, time.RFC3339Nano) }

// MarshalJSON writes t as an RFC 3339 string.
func (t Time) MarshalJSON() ([]byte, error) {
	return append(t.append([]byte{'"'}), '"'), nil
}

// UnmarshalJSON reads an RFC 3339 string.
func (t *Time) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("time %s is not an RFC 3339 string", b)
	}
	parsed, err := parseTime(string(b[1 : len(b)-1]))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
