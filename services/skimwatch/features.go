package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/feature"
)

func featuresCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "features",
		Short: "List the features that engine and training share",
		Long: `Lists the feature catalogue in the order of the vector. --json prints an array of {name, entity, aggregate, of, where,
window_seconds, unit, meaning, default}: with it anybody can recompute every count, sum and distinct. A window takes the events
of the entity with time in (t - window, t] that satisfy where, this one included, in stream order, duplicates by id left out.`,
		Example: `  skimwatch features
  skimwatch features --json | jq -r '.[] | select(.entity == "atm") | .name'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				e.SetEscapeHTML(false)
				return e.Encode(feature.Catalogue())
			}
			return writeFeatures(cmd.OutOrStdout(), feature.Catalogue())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

// writeFeatures writes a table per entity.
func writeFeatures(out io.Writer, all []feature.Feature) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d features, feature set %016x\n", len(all), feature.Hash())
	titles := map[feature.Entity]string{feature.OfCard: "CARD", feature.OfATM: "ATM", feature.OfTransaction: "TRANSACTION"}
	for _, e := range []feature.Entity{feature.OfCard, feature.OfTransaction, feature.OfATM} {
		fmt.Fprintf(t, "\n%s\tWINDOW\tUNIT\tAGGREGATE\tMEANING\n", titles[e])
		for _, f := range all {
			if f.Entity == e {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.Name, window(f.Window), f.Unit, strings.TrimSpace(f.Aggregate+" "+f.Of), f.Meaning)
			}
		}
	}
	return t.Flush()
}

// window writes seconds as the largest whole unit.
func window(seconds int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}} {
		if seconds >= u.size && seconds%u.size == 0 {
			return fmt.Sprintf("%d %s", seconds/u.size, u.name)
		}
	}
	if seconds == 0 {
		return "-"
	}
	return (time.Duration(seconds) * time.Second).String()
}
