package daemon

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
)

// Listen opens a TCP port. The error of a port that is taken names it and the flag, such as listen, with which to choose another.
func Listen(address, flag string) (net.Listener, error) {
	flag = "--" + strings.TrimLeft(flag, "-")
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	_, port, perr := net.SplitHostPort(address)
	switch {
	case perr != nil:
		return nil, Usage(fmt.Errorf("listen address %q is not host:port or :port: %w", address, perr))
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, Usage(fmt.Errorf("port %s is in use: stop the program that has it, or choose another with %s (for example %s :0)", port, flag, flag))
	case errors.Is(err, syscall.EACCES):
		return nil, Usage(fmt.Errorf("port %s may not be opened by this user: choose one above 1023 with %s: %w", port, flag, err))
	}
	return nil, Usage(fmt.Errorf("listen on %s: %w", address, err))
}
