// Package labels brings labels from elsewhere, such as chargebacks, into the system.
package labels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/internal/file"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// Command returns skimwatch labels. It expects the flags of package settings on its root.
func Command() *cobra.Command {
	cmd := &cobra.Command{Use: "labels", Short: "Bring in labels from elsewhere"}
	cmd.AddCommand(importCommand())
	return cmd
}

func importCommand() *cobra.Command {
	var in string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import --in FILE",
		Short: "Publish a file of labels",
		Long: `Publishes the labels of an NDJSON file, {transaction, fraud, source, known_at, scenario?}, to the labels topic, from where skimwatch
archive stores them. source is chargeback, analyst or simulator. If a line is not a label nothing is published. To import a file
twice changes nothing: one transaction has one label of each source, the one known last.`,
		Example: `  skimwatch labels import --in chargebacks.ndjson --kafka localhost:9092`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := settings.Logger(cmd)
			if err != nil {
				return err
			}
			all, err := read(in, func(line *file.LineError) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 5*time.Minute)
			defer cancel()
			b, err := wiring.Opener{Log: log}.Broker(ctx, settings.Of(cmd).Get(settings.Kafka))
			if err != nil {
				return err
			}
			defer b.Close()
			if err := b.ProduceLabels(ctx, all); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]int{"published": len(all)})
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "published %d labels\n", len(all))
			return err
		},
	}
	cmd.Flags().StringVar(&in, "in", "", "labels, NDJSON `FILE`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one object {published}")
	cmd.MarkFlagRequired("in")
	return cmd
}

// read reads a whole file of labels. Lines that hold none are told, and there is an error if there is any.
func read(path string, tell func(*file.LineError)) (all []atm.Label, err error) {
	bad := 0
	err = file.Labels(path, func(l atm.Label) error {
		all = append(all, l)
		return nil
	}, func(line *file.LineError) error {
		if bad++; bad <= 20 {
			tell(line)
		}
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, daemon.Usage(err)
	case err != nil:
		return nil, err
	case bad > 0:
		return nil, daemon.Usage(fmt.Errorf("%d lines of %s are not labels; nothing was published", bad, path))
	}
	return all, nil
}
