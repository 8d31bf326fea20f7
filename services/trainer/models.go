package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"

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
		r, err := openRegistry(cmd, false)
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

func oneArgument(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return daemon.Usage(fmt.Errorf("%s takes one model, such as fraud/7", cmd.CommandPath()))
	}
	return nil
}
