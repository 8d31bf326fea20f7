package trainer

import (
	"encoding/json"
	"fmt"
	"io"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/models/artifact"
	"skimwatch/services/internal/daemon"
)

// Commands returns train, evaluate and models. They expect the flags of package settings on their root.
func Commands() []*cobra.Command {
	return []*cobra.Command{trainCommand(), evaluateCommand(), modelsCommand()}
}

// known refuses algorithms that do not exist here.
func known(algorithm string) error {
	if slices.Contains(artifact.Algorithms(), algorithm) {
		return nil
	}
	return daemon.Usage(fmt.Errorf("algorithm %q does not exist in this version; there is: %s", algorithm, strings.Join(artifact.Algorithms(), ", ")))
}

// instant reads a flag that holds a time; an empty one is zero.
func instant(flag, text string) (atm.Time, error) {
	if text == "" {
		return 0, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return atm.TimeOf(t), nil
		}
	}
	return 0, daemon.Usage(fmt.Errorf("--%s %q is not a time such as 2026-03-01T00:00:00Z", flag, text))
}

func now() atm.Time { return atm.TimeOf(time.Now()) }

// operator names who runs the command, for the audit.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "operator"
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
