package settings_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
)

func TestOf(t *testing.T) {
	t.Setenv("SKIMWATCH_KAFKA", "env:9092")
	t.Setenv("SKIMWATCH_REDIS", "env:6379")
	f := func(name, value, origin string, args ...string) {
		t.Helper()
		var got daemon.Value
		root := &cobra.Command{Use: "root"}
		settings.Bind(root)
		root.AddCommand(&cobra.Command{Use: "work", Run: func(cmd *cobra.Command, _ []string) { got = settings.Of(cmd)[name] }})
		root.SetArgs(append([]string{"work"}, args...))
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		if got.Value != value || got.Origin != origin {
			t.Errorf("%s is %q from %s, want %q from %s", name, got.Value, got.Origin, value, origin)
		}
	}
	f(settings.Kafka, "env:9092", "environment SKIMWATCH_KAFKA")
	f(settings.Kafka, "flag:9092", "flag --kafka", "--kafka", "flag:9092")
	f(settings.Redis, "env:6379", "environment SKIMWATCH_REDIS", "--kafka", "flag:9092")
	f(settings.Database, "", "default")
	f(settings.LogLevel, "info", "default")
}

func TestLogger(t *testing.T) {
	cmd, out := &cobra.Command{Use: "work"}, &bytes.Buffer{}
	settings.Bind(cmd)
	cmd.SetErr(out)
	cmd.ParseFlags([]string{"--log-level", "warn"})
	log, err := settings.Logger(cmd)
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.Warn("loud")
	if s := out.String(); strings.Contains(s, "quiet") || !strings.Contains(s, "loud") {
		t.Errorf("logged %q", s)
	}
}
