//go:build unix

package daemon

import "syscall"

// CPUSeconds is the processor time that this process has used, in and out of the kernel.
func CPUSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
