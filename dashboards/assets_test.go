package dashboards_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skimwatch/dashboards"
	"skimwatch/dashboards/storybook"
)

// TestVendoredFiles holds that every third-party file is listed with package, version and licence, that its hash is the
// recorded one (OpenAssets checks it), and that none is large.
func TestVendoredFiles(t *testing.T) {
	a, err := dashboards.OpenAssets()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, v := range a.Vendored() {
		listed[v.File] = true
		if v.Package == "" || v.Version == "" || v.Licence == "" || v.TakenFrom == "" || len(v.SHA256) != 64 {
			t.Errorf("%s is listed without %+v", v.File, v)
		}
		if _, err := os.Stat(filepath.Join("assets/vendor", v.LicenceFile)); err != nil {
			t.Error("licence text:", err)
		}
	}
	err = filepath.WalkDir("assets/vendor", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, "assets/vendor/")
		if !listed[name] && !strings.HasPrefix(name, "licenses/") {
			t.Errorf("%s is not listed in vendor.json", path)
		}
		if info.Size() >= 1<<20 {
			t.Errorf("%s has %d bytes", path, info.Size())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Tamper("htmx.min.js"); err == nil {
		t.Error("a changed file is not noticed")
	}
}

func TestAssetsAreCachedByVersion(t *testing.T) {
	c := newStill(t, storybook.Empty).anybody()
	page := c.get("/login").Body.String()
	_, rest, _ := strings.Cut(page, `href="/assets/tokens.css`)
	version, _, _ := strings.Cut(rest, `"`)
	if r := c.get("/assets/tokens.css" + version); r.Code != http.StatusOK || !strings.Contains(r.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("with its version: %d, %s", r.Code, r.Header().Get("Cache-Control"))
	}
	if r := c.get("/assets/tokens.css?v=old"); strings.Contains(r.Header().Get("Cache-Control"), "immutable") {
		t.Error("with another version it may be kept for ever")
	}
	for _, path := range []string{"/assets/", "/assets/../server.go", "/assets/vendor", "/assets/nothing.js"} {
		if r := c.get(path); r.Code != http.StatusNotFound && r.Code != http.StatusBadRequest && r.Code != http.StatusMovedPermanently {
			t.Errorf("%s answers %d", path, r.Code)
		}
	}
}
