//go:build unix

package demo

import (
	"os"
	"syscall"
)

// take locks f until it is closed or the process ends.
func take(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errLocked
	}
	return nil
}
