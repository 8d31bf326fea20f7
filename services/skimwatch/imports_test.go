package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "skimwatch/"

// directions says what the files below a folder may import of this module; the first line that fits a folder counts.
var directions = []struct{ below, may string }{
	{"engine/atm", "engine/atm engine/wire"},
	{"engine/wire", "engine/wire"},
	{"engine/window", "engine/window engine/wire"},
	{"engine/state", "engine/state engine/wire"},
	{"engine/feature", "engine/feature engine/atm engine/window engine/state engine/wire"},
	{"engine/rule", "engine/rule engine/atm engine/feature"},
	{"engine/score", "engine/score engine/atm engine/feature engine/rule"},
	{"engine", "engine"},
	{"models", "models engine"},
	{"simulator", "simulator engine/atm"},
	{"dashboards", "dashboards engine/atm models/registry"},
	{"services/internal", "engine models simulator dashboards"}, // and itself, see below
	{"services", "engine models simulator dashboards services"},
}

// owners are the only folders that may import a module of somebody else's.
var owners = map[string]string{
	"github.com/segmentio/kafka-go":      "services/internal/kafka",
	"github.com/redis/go-redis":          "services/internal/redis",
	"github.com/jackc/pgx":               "services/internal/postgres",
	"modernc.org/sqlite":                 "services/internal/sqlite",
	"github.com/twmb/franz-go":           "services/internal/embedded",
	"github.com/alicebob/miniredis":      "services/internal/embedded",
	"github.com/VictoriaMetrics/metrics": "services/internal/daemon",
	"github.com/klauspost/compress":      "services/internal/file",
	"gopkg.in/yaml.v3":                   "services",
	"github.com/sjwhitworth/golearn":     "models/forest",
	"github.com/google/uuid":             "engine/score",
	"github.com/gin-gonic/gin":           "dashboards",
	"golang.org/x/crypto":                "dashboards",
	"github.com/chromedp":                "dashboards",
	"golang.org/x/sync":                  "services", // errgroup: the standard library's missing piece
	"github.com/spf13/cobra":             "services",
	"github.com/spf13/pflag":             "services",
}

func TestImportDirections(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if of, ours := strings.CutPrefix(imported, module); ours && !allowed(f, of) {
				t.Errorf("%s imports %s: not in the direction of the layers", f.path, imported)
			}
		}
	}
}

func TestOneOwnerPerModule(t *testing.T) {
	used := map[string]bool{}
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if strings.HasPrefix(imported, module) || !strings.Contains(strings.Split(imported, "/")[0], ".") {
				continue
			}
			owned, folder := owner(imported)
			used[owned] = true
			switch {
			case owned == "":
				t.Errorf("%s imports %s: no folder owns that module", f.path, imported)
			case !below(f.folder, folder):
				t.Errorf("%s imports %s: only %s may", f.path, imported, folder)
			}
		}
	}
	for m := range owners {
		if !used[m] {
			t.Logf("nobody imports %s", m)
		}
	}
}

// TestRulesCanFail holds the rules to imports that must not pass.
func TestRulesCanFail(t *testing.T) {
	f := func(folder, imported string, want bool) {
		t.Helper()
		if got := allowed(source{folder: folder, path: folder + "/x.go"}, imported); got != want {
			t.Errorf("%s imports %s: allowed is %v", folder, imported, got)
		}
	}
	f("engine/atm", "engine/feature", false)
	f("engine/feature", "models/forest", false)
	f("engine/feature", "engine/score", false)
	f("engine/feature", "engine/window", true)
	f("simulator", "engine/score", false)
	f("dashboards", "engine/feature", false)
	f("dashboards", "models/registry", true)
	f("models/forest", "services/trainer", false)
	f("services/internal/kafka", "services/internal/redis", false)
	f("services/internal/kafka", "services/internal/kafka/x", true)
	f("services/internal/kafka", "services/scorer", false)
	f("services/scorer", "services/internal/kafka", true)
	f("tools", "engine/atm", false)
	if allowed(source{folder: "services/internal/kafka", path: "services/internal/kafka/x_test.go"}, "services/internal/redis") {
		t.Error("a test may use any adapter")
	}
	if !allowed(source{folder: "services/internal/kafka", path: "services/internal/kafka/x_test.go"}, "services/internal/embedded") {
		t.Error("a test may not use the embedded servers")
	}
}

// allowed says whether a file may import a folder of this module.
func allowed(f source, imported string) bool {
	if below(f.folder, "services/internal") {
		own := strings.Join(strings.Split(f.folder, "/")[:3], "/")
		if below(imported, own) {
			return true
		}
		// Contract tests need a server to speak to, and a database to store in.
		servers := []string{"services/internal/embedded", "services/internal/sqlite", "services/internal/postgres"}
		if strings.HasSuffix(f.path, "_test.go") && slices.Contains(servers, imported) {
			return true
		}
	}
	if below(f.folder, "engine") && strings.HasSuffix(f.path, "_test.go") && below(imported, "engine") {
		return true // a test may run the whole engine
	}
	for _, d := range directions {
		if below(f.folder, d.below) {
			return slices.ContainsFunc(strings.Fields(d.may), func(may string) bool { return below(imported, may) })
		}
	}
	return false
}

// owner returns the longest owned module that an import belongs to, and the folder that owns it.
func owner(imported string) (owned, folder string) {
	for m, f := range owners {
		if (imported == m || strings.HasPrefix(imported, m+"/")) && len(m) > len(owned) {
			owned, folder = m, f
		}
	}
	return owned, folder
}

func below(folder, top string) bool { return folder == top || strings.HasPrefix(folder, top+"/") }

type source struct {
	path, folder string
	imports      []string
}

// sources parses the imports of every Go file of the module, whatever its build tags.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "data" && filepath.Dir(name) == root):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("parse %s: %w", name, err)
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(rel), folder: path.Dir(filepath.ToSlash(rel))}
		for _, i := range parsed.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, imported)
		}
		all = append(all, s)
		return nil
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("parsed %d files, %v", len(all), err)
	}
	return all
}
