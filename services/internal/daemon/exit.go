// Package daemon is what every skimwatch process needs around its work: exit codes, logs, signals, configuration, retries, and the
// admin port with liveness, readiness and metrics.
package daemon

import "errors"

// The exit codes of every command.
const (
	CodeOK          = 0
	CodeError       = 1 // anything that is none of the others
	CodeUsage       = 2 // a flag, an argument or an input that the caller can correct
	CodeUnavailable = 3 // a dependency is down
	CodeFailed      = 4 // a check ran and did not pass
)

type coded struct {
	error
	code int
}

func (c coded) Unwrap() error { return c.error }

// Usage marks err as the caller's mistake, exit code 2. Usage(nil) is nil.
func Usage(err error) error { return mark(err, CodeUsage) }

// Unavailable marks err as a dependency that is down, exit code 3. Unavailable(nil) is nil.
func Unavailable(err error) error { return mark(err, CodeUnavailable) }

// Failed marks err as a check that did not pass, exit code 4. Failed(nil) is nil.
func Failed(err error) error { return mark(err, CodeFailed) }

func mark(err error, code int) error {
	if err == nil {
		return nil
	}
	return coded{err, code}
}

// Code returns the exit code of a command that ended with err. Where several marks are wrapped in one another, the outermost counts.
func Code(err error) int {
	var c coded
	switch {
	case err == nil:
		return CodeOK
	case errors.As(err, &c):
		return c.code
	}
	return CodeError
}
