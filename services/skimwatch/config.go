package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/services/settings"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show the settings and where they come from"}
	cmd.AddCommand(configPrintCommand())
	return cmd
}

func configPrintCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "print",
		Short: "Print each setting, its value and where it comes from",
		Long:  "Prints each setting that all commands share, its value and where it comes from. Passwords are hidden.",
		Example: `  skimwatch config print
  SKIMWATCH_KAFKA=broker:9092 skimwatch config print --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config := settings.Of(cmd)
			if asJSON {
				type row struct {
					Name   string `json:"name"`
					Value  string `json:"value"`
					Origin string `json:"origin"`
				}
				var rows []row
				for _, s := range settings.All() {
					rows = append(rows, row{s.Name, config[s.Name].Shown(), config[s.Name].Origin})
				}
				return json.NewEncoder(cmd.OutOrStdout()).Encode(rows)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprint(t, "SETTING\tVALUE\tFROM\n")
			for _, s := range settings.All() {
				value := config[s.Name].Shown()
				if value == "" {
					value = "(not set)"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\n", s.Name, value, config[s.Name].Origin)
			}
			return t.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of {name, value, origin}")
	return cmd
}
