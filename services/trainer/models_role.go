package trainer

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"skimwatch/models/registry"
	"skimwatch/services/internal/daemon"
)

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
