package main

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
)

// container is a service of docker-compose.yml.
type container struct {
	Image       string
	Command     []string
	Environment map[string]string
	Ports       []string
	Volumes     []string
	Healthcheck struct {
		Test    []string
		Disable bool
	}
	DependsOn map[string]struct{ Condition string } `yaml:"depends_on"`
	Grace     string                                `yaml:"stop_grace_period"`
	Restart   string
}

// ours says whether a container runs this program.
func (c container) ours() bool { return c.Image == "skimwatch" }

// compose reads docker-compose.yml.
func compose(t *testing.T) map[string]container {
	t.Helper()
	var f struct{ Services map[string]container }
	b, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err == nil {
		err = yaml.Unmarshal(b, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f.Services
}

// Every container of ours runs a command that exists, is told nothing that is not a setting, and has a health check that works.
func TestComposeCommands(t *testing.T) {
	known := map[string]bool{"SKIMWATCH_ADMIN": true}
	for _, s := range settings.All() {
		known[s.Env()] = true
	}
	var names []string
	for name, c := range compose(t) {
		if !c.ours() {
			continue
		}
		names = append(names, name)
		parses(t, c.Command)
		for variable := range c.Environment {
			if !known[variable] {
				t.Errorf("%s: %s is no setting", name, variable)
			}
		}
		if c.Healthcheck.Disable != (name == "setup") {
			t.Errorf("%s: the health check is disabled: %v", name, c.Healthcheck.Disable)
		} else if test := c.Healthcheck.Test; !c.Healthcheck.Disable {
			if len(test) < 3 || test[0] != "CMD" || test[1] != "skimwatch" {
				t.Fatalf("%s: health check %q", name, test)
			}
			parses(t, test[2:])
		}
		if grace, err := time.ParseDuration(c.Grace); err != nil || grace <= daemon.DrainLimit {
			t.Errorf("%s may drain for %s, but is killed after %q", name, daemon.DrainLimit, c.Grace)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "archive dashboard score setup simulate" {
		t.Errorf("containers of ours: %s", got)
	}
}

// Nothing of the composition can be reached from another machine, and nothing needs a secret.
func TestComposeIsPrivate(t *testing.T) {
	for name, c := range compose(t) {
		for _, p := range c.Ports {
			host, _, _ := strings.Cut(p, ":")
			if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
				t.Errorf("%s: port %s is not on loopback", name, p)
			}
		}
		for k, v := range c.Environment {
			if strings.Contains(k, "PASSWORD") || strings.Contains(v, "${") {
				t.Errorf("%s: %s=%s would have to be made up", name, k, v)
			}
		}
	}
}

// Containers wait for containers that exist, in a way that those can answer.
func TestComposeDependencies(t *testing.T) {
	all := compose(t)
	for name, c := range all {
		for on, how := range c.DependsOn {
			other, ok := all[on]
			switch {
			case !ok:
				t.Errorf("%s waits for %s, which is not there", name, on)
			case how.Condition == "service_healthy" && len(other.Healthcheck.Test) == 0:
				t.Errorf("%s waits for the health of %s, which has no check", name, on)
			case how.Condition == "service_completed_successfully" && other.Restart != "no":
				t.Errorf("%s waits for the end of %s, which is always started again", name, on)
			}
		}
	}
	if len(all["score"].DependsOn) == 0 {
		t.Error("score waits for nothing")
	}
}

// The image runs one static binary without root, and every named volume is declared.
func TestImageAndVolumes(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "deploy", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CGO_ENABLED=0", "\nFROM scratch\n", "\nUSER 65532:65532\n", "ENTRYPOINT [\"skimwatch\"]"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("deploy/Dockerfile has no %q", want)
		}
	}
	var f struct{ Volumes map[string]any }
	if b, err = os.ReadFile(filepath.Join("..", "..", "docker-compose.yml")); err == nil {
		err = yaml.Unmarshal(b, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range compose(t) {
		for _, v := range c.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, declared := f.Volumes[from]; !declared && !strings.HasPrefix(from, "./") {
				t.Errorf("%s: volume %s is not declared", name, from)
			} else if _, err := os.Stat(filepath.Join("..", "..", from)); !declared && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Prometheus reads the admin port of every service of ours.
func TestPrometheusTargets(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "deploy", "prometheus.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Jobs []struct {
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal(b, &config); err != nil {
		t.Fatal(err)
	}
	var want []string
	for name, c := range compose(t) {
		if c.ours() && !c.Healthcheck.Disable {
			want = append(want, name+c.Environment["SKIMWATCH_ADMIN"])
		}
	}
	got := config.Jobs[0].Static[0].Targets
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("targets %q, services %q", got, want)
	}
}
