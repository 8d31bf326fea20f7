package main

import (
	"strings"

	"github.com/spf13/cobra"

	"skimwatch/services/alerts"
	"skimwatch/services/archiver"
	"skimwatch/services/bench"
	"skimwatch/services/dashboard"
	"skimwatch/services/demo"
	"skimwatch/services/doctor"
	"skimwatch/services/labels"
	"skimwatch/services/replay"
	"skimwatch/services/scorer"
	"skimwatch/services/settings"
	"skimwatch/services/setup"
	"skimwatch/services/simulator"
	"skimwatch/services/topics"
	"skimwatch/services/trainer"
)

// section is a heading of the help and the commands below it.
type section struct {
	title    string
	commands []*cobra.Command
}

// sections names every command there is.
func sections() []section {
	return []section{
		{"Start", []*cobra.Command{demo.Command(), setup.Command()}},
		{"Services", []*cobra.Command{scorer.Command(), archiver.Command(), dashboard.Command()}},
		{"Files", []*cobra.Command{simulator.Command(), replay.Command(), featuresCommand()}},
		{"Streams", []*cobra.Command{topics.TailCommand(), topics.Command()}},
		{"Models", trainer.Commands()},
		{"Analysts", []*cobra.Command{alerts.Command(), labels.Command(), dashboard.UsersCommand()}},
		{"Operations", []*cobra.Command{doctor.Command(), migrateCommand(), healthcheckCommand(), bench.Command(), configCommand(), versionCommand()}},
	}
}

// newRoot builds the tree of commands. begun becomes true when a command's own work begins.
func newRoot(begun *bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "skimwatch",
		Short: "Find ATM fraud in a stream of transactions",
		Long: `skimwatch finds ATM fraud in a stream of transactions: it scores each one within milliseconds, shows the alerts to analysts, and
learns from what they decide.

Every setting is a flag, an environment variable (SKIMWATCH_KAFKA for --kafka) or left at its default, in this order; skimwatch
config print shows which. Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 error, 2 wrong use,
3 a dependency is down, 4 a check did not pass.`,
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	settings.Bind(root)
	for _, s := range sections() {
		root.AddGroup(&cobra.Group{ID: s.title, Title: s.title})
		for _, c := range s.commands {
			c.GroupID = s.title
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID("Operations")
	root.SetCompletionCommandGroupID("Operations")
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable (not .Annotations.group)}}", 1))
	prepare(root, begun)
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknown(cmd, args)
		}
		return cmd.Help()
	}
	return root
}

// prepare notes when a command's own work begins, and makes a group of commands refuse what is none of them.
func prepare(cmd *cobra.Command, begun *bool) {
	for _, c := range cmd.Commands() {
		prepare(c, begun)
	}
	work := cmd.RunE
	if work == nil {
		cmd.Annotations = map[string]string{"group": "yes"} // for the usage: it does nothing by itself
		cmd.Args, cmd.RunE = cobra.ArbitraryArgs, unknown
		return
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		*begun = true
		return work(cmd, args)
	}
}
