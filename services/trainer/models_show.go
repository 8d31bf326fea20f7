package trainer

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"skimwatch/models/registry"
)

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
	row("version", "%s, %s, created %s by program version %s", m.Version, m.Algorithm, minute(m.Created), m.Code)
	row("artifact", "%d bytes, SHA-256 %s", m.Size, m.SHA256)
	row("features", "%d, feature set %s%s", len(m.Features), m.FeatureSet, ignoredInWords(m.Ignored))
	row("fitted on", "%d transactions with %d frauds, %s to %s, seed %d", m.Rows, m.Frauds, minute(m.From), minute(m.To), m.Seed)
	row("labels", "%s, known by %s", labelsInWords(m.Labels), minute(m.Cutoff))
	row("threshold", "%.4f for %.1f alerts a day", m.Threshold, m.Budget)
	e := m.Evaluation
	row("judged on", "%d transactions with %d frauds, %s to %s", e.Rows, e.Frauds, minute(e.From), minute(e.To))
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
