package simulator

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"skimwatch/simulator"
)

func scenariosCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "scenarios",
		Short: "List and explain the fraud scenarios",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				e := json.NewEncoder(c.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(simulator.Scenarios())
			}
			return explain(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one array of {name, meaning, signature, source, parameters}")
	return c
}

func explain(w io.Writer) error {
	for i, s := range simulator.Scenarios() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n  %s\n  Signature: %s\n  Source: %s\n", s.Name, s.Meaning, s.Signature, s.Source)
		for _, p := range s.Parameters {
			unit := p.Unit
			if unit != "" {
				unit = " " + unit
			}
			if _, err := fmt.Fprintf(w, "  %-12s %g to %g%s, %s\n", p.Name, p.Low, p.High, unit, p.Meaning); err != nil {
				return err
			}
		}
	}
	return nil
}
