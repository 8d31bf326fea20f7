// Command skimwatch is the whole system in one binary: every service and every tool is one of its commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
)

func main() {
	os.Exit(Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Run runs one command line to its end and returns its exit code, as package daemon defines them. An error is told on stderr
// after the name of the command.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	begun := false
	root := newRoot(&begun)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return daemon.CodeOK
	}
	if begun {
		fmt.Fprintf(stderr, "%s: %v\n", cmd.CommandPath(), err)
		return daemon.Code(err)
	}
	// What goes wrong before a command begins is in how it was called.
	fmt.Fprintf(stderr, "%s: %v\nRun %s --help for what it takes.\n", cmd.CommandPath(), err, cmd.CommandPath())
	return daemon.CodeUsage
}

// unknown is the error of a group of commands that was called with something else.
func unknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("it needs one of its commands")
	}
	text := fmt.Sprintf("unknown command %q", args[0])
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %s?", near[0])
	}
	return errors.New(text)
}
