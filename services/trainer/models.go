package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/models/registry"
	"skimwatch/services/internal/daemon"
)

func modelsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "models", Short: "Look at the registered models and put them in force"}
	cmd.AddCommand(listCommand(), showCommand(), promoteCommand(), rollbackCommand())
	for _, sub := range cmd.Commands() {
		sub.Flags().Bool("json", false, "print JSON")
	}
	return cmd
}

// withRegistry runs do on the registry that is set and answers with its result, as JSON or in words.
func withRegistry[T any](do func(ctx context.Context, r *registry.Registry, args []string) (T, error), words func(io.Writer, T) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if ctx == nil {
			ctx = context.Background()
		}
		r, err := openRegistry(cmd)
		if err != nil {
			return err
		}
		result, err := do(ctx, r, args)
		if errors.Is(err, registry.ErrNotFound) {
			return daemon.Usage(fmt.Errorf("%w; skimwatch models list shows what there is", err))
		}
		if err != nil {
			return err
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return writeJSON(cmd.OutOrStdout(), result)
		}
		return words(cmd.OutOrStdout(), result)
	}
}

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
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%.4f\t%.4f\t%s\n", r.Version, role, r.Algorithm, r.Rows, r.Frauds, r.Evaluation.AveragePrecision, r.Threshold, r.Created)
	}
	return t.Flush()
}

func showCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show REF", Short: "Show the manifest of a version such as fraud/7, or of an alias", Args: oneArgument,
		RunE: withRegistry(func(ctx context.Context, r *registry.Registry, args []string) (registry.Manifest, error) {
			return r.Manifest(ctx, args[0])
		}, writeManifest),
	}
}

func writeManifest(w io.Writer, m registry.Manifest) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("version", "%s, %s, created %s by program version %s", m.Version, m.Algorithm, m.Created, m.Code)
	row("artifact", "%d bytes, SHA-256 %s", m.Size, m.SHA256)
	row("features", "%d, feature set %s%s", len(m.Features), m.FeatureSet, ignoredInWords(m.Ignored))
	row("fitted on", "%d transactions with %d frauds, %s to %s, seed %d", m.Rows, m.Frauds, m.From, m.To, m.Seed)
	row("labels", "%s, known by %s", labelsInWords(m.Labels), m.Cutoff)
	row("threshold", "%.4f for %.1f alerts a day", m.Threshold, m.Budget)
	e := m.Evaluation
	row("judged on", "%d transactions with %d frauds, %s to %s", e.Rows, e.Frauds, e.From, e.To)
	row("average precision", "%.4f", e.AveragePrecision)
	row("ROC-AUC", "%.4f", e.ROCAUC)
	row("card precision at k", "%.4f", e.CardPrecisionAtK)
	row("recall at budget", "%.4f", e.RecallAtBudget)
	row("value detection rate", "%.4f", e.ValueDetectionRate)
	row("precision, recall", "%.3f, %.3f at the threshold", e.Precision, e.Recall)
	for _, s := range e.PerScenario {
		row("  "+s.Name, "%.3f of %d frauds alert", s.Recall, s.Frauds)
	}
	return t.Flush()
}

func promoteCommand() *cobra.Command {
	var as, reason string
	cmd := &cobra.Command{
		Use: "promote VERSION", Short: "Put a version in force, or give it another role", Args: oneArgument,
		RunE: withRegistry(func(ctx context.Context, r *registry.Registry, args []string) (registry.Promotion, error) {
			if err := role(as); err != nil {
				return registry.Promotion{}, err
			}
			return r.Promote(ctx, registry.Alias(as), args[0], registry.Who{By: operator(), Reason: reason, At: now()})
		}, writePromotion),
	}
	cmd.Flags().StringVar(&as, "as", string(registry.Champion), "role: champion or challenger")
	cmd.Flags().StringVar(&reason, "reason", "", "why, for the audit")
	return cmd
}

func rollbackCommand() *cobra.Command {
	var as, reason string
	cmd := &cobra.Command{
		Use: "rollback", Short: "Give a role back to the version that had it before", Args: cobra.NoArgs,
		RunE: withRegistry(func(ctx context.Context, r *registry.Registry, _ []string) (registry.Promotion, error) {
			if err := role(as); err != nil {
				return registry.Promotion{}, err
			}
			return r.Rollback(ctx, registry.Alias(as), registry.Who{By: operator(), Reason: reason, At: now()})
		}, writePromotion),
	}
	cmd.Flags().StringVar(&as, "as", string(registry.Champion), "role: champion or challenger")
	cmd.Flags().StringVar(&reason, "reason", "", "why, for the audit")
	return cmd
}

func role(as string) error {
	if as == string(registry.Champion) || as == string(registry.Challenger) {
		return nil
	}
	return daemon.Usage(fmt.Errorf("--as %q is neither %s nor %s", as, registry.Champion, registry.Challenger))
}

func writePromotion(w io.Writer, p registry.Promotion) error {
	before := ""
	if p.Previous != "" {
		before = ", before it " + p.Previous
	}
	_, err := fmt.Fprintf(w, "%s is the %s%s\n", p.Version, p.Alias, before)
	return err
}

func oneArgument(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return daemon.Usage(fmt.Errorf("%s takes one model, such as fraud/7", cmd.CommandPath()))
	}
	return nil
}
