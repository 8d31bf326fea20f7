package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"skimwatch/engine/feature"
	"skimwatch/engine/rule"
)

// build is what a binary knows about itself.
type build struct {
	Version    string `json:"version"`
	Commit     string `json:"commit,omitempty"`
	Modified   bool   `json:"modified,omitempty"` // built from files that differ from the commit
	Go         string `json:"go"`
	Platform   string `json:"platform"`
	FeatureSet string `json:"feature_set"`
	Rules      string `json:"rules"`
}

// readBuild reads what the compiler noted.
func readBuild() build {
	b := build{
		Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		FeatureSet: fmt.Sprintf("%016x", feature.Hash()), Rules: rule.Version,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of the program, its features and its rules",
		Example: "  skimwatch version\n  skimwatch version --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, out := readBuild(), cmd.OutOrStdout()
			if asJSON {
				return json.NewEncoder(out).Encode(b)
			}
			fmt.Fprintf(out, "skimwatch %s, %s, %s\n", b.Version, b.Go, b.Platform)
			if b.Commit != "" {
				fmt.Fprintf(out, "commit %s\n", b.Commit)
			}
			_, err := fmt.Fprintf(out, "feature set %s, %s\n", b.FeatureSet, b.Rules)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
