//go:build !unix

package bench

import "time"

var started = time.Now()

// cpuSeconds is the time since the start, where the system does not tell the processor time of a process.
func cpuSeconds() float64 { return time.Since(started).Seconds() }
