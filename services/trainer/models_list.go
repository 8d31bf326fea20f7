package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/models/registry"
)

// modelRow is a manifest with the roles that its version has.
type modelRow struct {
	registry.Manifest
	Roles []registry.Alias `json:"roles"`
}

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List all versions", Args: cobra.NoArgs,
		RunE: withRegistry(func(ctx context.Context, r *registry.Registry, _ []string) ([]modelRow, error) {
			return modelRows(ctx, r)
		}, writeModels),
	}
}

func modelRows(ctx context.Context, r *registry.Registry) ([]modelRow, error) {
	list, err := r.List(ctx)
	if err != nil {
		return nil, err
	}
	roles := map[string][]registry.Alias{}
	for _, alias := range registry.Aliases() {
		p, err := r.Current(ctx, alias)
		if err == nil {
			roles[p.Version] = append(roles[p.Version], alias)
		} else if !errors.Is(err, registry.ErrNotFound) {
			return nil, err
		}
	}
	rows := []modelRow{}
	for _, m := range list {
		has := roles[m.Version]
		if has == nil {
			has = []registry.Alias{}
		}
		rows = append(rows, modelRow{m, has})
	}
	return rows, nil
}

func writeModels(w io.Writer, rows []modelRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "No models yet. skimwatch train --register makes one.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERSION\tROLE\tALGORITHM\tROWS\tFRAUDS\tAVERAGE PRECISION\tTHRESHOLD\tCREATED")
	for _, r := range rows {
		role := ""
		for i, a := range r.Roles {
			if i > 0 {
				role += ", "
			}
			role += string(a)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%.4f\t%.4f\t%s\n", r.Version, role, r.Algorithm, r.Rows, r.Frauds, r.Evaluation.AveragePrecision, r.Threshold, minute(r.Created))
	}
	return t.Flush()
}
