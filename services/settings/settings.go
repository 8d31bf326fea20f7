// Package settings holds what every command can be told: where the servers are and how much to log. Each is a flag of the
// root command and an environment variable, and can be asked for where it came from.
package settings

import (
	"log/slog"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
)

// The names of the settings.
const (
	Kafka    = "kafka"
	Redis    = "redis"
	Database = "database"
	Blob     = "blob"
	LogLevel = "log-level"
)

// All returns the settings in the order in which they are shown.
func All() []daemon.Setting {
	return []daemon.Setting{
		{Name: Kafka, Help: "Kafka brokers: `host:port`, comma separated"},
		{Name: Redis, Help: "Redis: `host:port` or redis://host:port/0"},
		{Name: Database, Help: "history, a `url`: postgres://user@host/name or sqlite:FILE"},
		{Name: Blob, Help: "models and checkpoints, a `url` such as file:///folder"},
		{Name: LogLevel, Default: "info", Help: "`level` of messages: debug, info, warn or error"},
	}
}

// Bind makes all settings flags of root and of every command below it.
func Bind(root *cobra.Command) {
	for _, s := range All() {
		root.PersistentFlags().String(s.Name, s.Default, s.Help+" [$"+s.Env()+"]")
	}
}

// Of returns the settings in force for a command whose flags are parsed: flags win over the environment, which wins over the
// defaults.
func Of(cmd *cobra.Command) daemon.Config { return daemon.Resolve(All(), flags(cmd)) }

// flags reads the flags of a command, its own and those of its root.
func flags(cmd *cobra.Command) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		f := cmd.Flags().Lookup(name)
		if f == nil {
			return "", false
		}
		return f.Value.String(), f.Changed
	}
}

// Logger returns the logger that a command writes its messages to: its standard error, at the level that is set.
func Logger(cmd *cobra.Command) (*slog.Logger, error) {
	return daemon.NewLogger(cmd.ErrOrStderr(), Of(cmd).Get(LogLevel))
}
