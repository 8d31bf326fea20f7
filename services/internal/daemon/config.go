package daemon

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Setting is one thing that can be configured: by flag --name, by environment variable SKIMWATCH_NAME, or left at its default.
type Setting struct {
	Name    string // as in the flag: lower case, words joined by hyphens
	Default string
	Help    string
}

// Env returns the name of the environment variable: SKIMWATCH_DATA_DIR for data-dir.
func (s Setting) Env() string {
	return "SKIMWATCH_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// Value is a setting as it is in force, and where it came from.
type Value struct {
	Setting
	Value  string
	Origin string // "flag --name", "environment SKIMWATCH_NAME" or "default"
}

// Shown returns the value fit for a screen: a password in a URL is replaced by xxxxx.
func (v Value) Shown() string {
	if u, err := url.Parse(v.Value); err == nil && u.User != nil {
		return u.Redacted()
	}
	return v.Value
}

// Config holds the values in force by name.
type Config map[string]Value

// Resolve decides each setting: a flag that was given wins over the environment, which wins over the default. Flag reports the value
// of a flag and whether it was given on the command line; a nil flag means that there are none. An empty environment variable
// counts as not set.
func Resolve(settings []Setting, flag func(name string) (string, bool)) Config {
	c := Config{}
	for _, s := range settings {
		v := Value{s, s.Default, "default"}
		if e := os.Getenv(s.Env()); e != "" {
			v.Value, v.Origin = e, "environment "+s.Env()
		}
		if flag != nil {
			if f, given := flag(s.Name); given {
				v.Value, v.Origin = f, "flag --"+s.Name
			}
		}
		c[s.Name] = v
	}
	return c
}

// Get returns the value of a setting, empty when it is neither set nor has a default.
func (c Config) Get(name string) string { return c[name].Value }

// Need returns the value of a setting, or a usage error which says how to set it.
func (c Config) Need(name string) (string, error) {
	if v := c[name].Value; v != "" {
		return v, nil
	}
	s := Setting{Name: name}
	return "", Usage(fmt.Errorf("%s is not set: give --%s or set %s", name, name, s.Env()))
}
