//go:build !unix

package daemon

import "time"

var started = time.Now()

// CPUSeconds is the time since the start, where the system does not tell the processor time of a process.
func CPUSeconds() float64 { return time.Since(started).Seconds() }
