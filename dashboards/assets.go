package dashboards

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed assets
var assetFS embed.FS

// vendored is one third-party file as assets/vendor.json lists it.
type vendored struct {
	File        string `json:"file"`
	Package     string `json:"package"`
	Version     string `json:"version"`
	Licence     string `json:"licence"`
	LicenceFile string `json:"licence_file"`
	TakenFrom   string `json:"taken_from"`
	SHA256      string `json:"sha256"`
}

type assetFile struct {
	bytes   []byte
	kind    string
	version string // start of the content's hash
}

// assetFiles are the embedded files that a browser may fetch, by path below assets/.
type assetFiles struct {
	byName   map[string]assetFile
	vendored []vendored
}

// openAssets reads the embedded files and checks the vendored ones against their recorded hashes.
func openAssets() (*assetFiles, error) {
	a := &assetFiles{byName: map[string]assetFile{}}
	err := fs.WalkDir(assetFS, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assetFS.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		a.byName[strings.TrimPrefix(name, "assets/")] = assetFile{bytes: b, kind: mediaType(name), version: hex.EncodeToString(sum[:6])}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read embedded assets: %w", err)
	}
	if err := json.Unmarshal(a.byName["vendor.json"].bytes, &a.vendored); err != nil {
		return nil, fmt.Errorf("read assets/vendor.json: %w", err)
	}
	return a, a.checkVendored()
}

func (a *assetFiles) checkVendored() error {
	for _, v := range a.vendored {
		sum := sha256.Sum256(a.byName["vendor/"+v.File].bytes)
		if got := hex.EncodeToString(sum[:]); got != v.SHA256 {
			return fmt.Errorf("vendored asset %s of %s %s has SHA-256 %s, assets/vendor.json says %s", v.File, v.Package, v.Version, got, v.SHA256)
		}
	}
	return nil
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".json":
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// packages lists each vendored package once.
func (a *assetFiles) packages() []vendored {
	return slices.CompactFunc(slices.Clone(a.vendored), func(x, y vendored) bool { return x.Package == y.Package })
}

// url returns the address of an asset with its version, so that browsers may keep it for ever.
func (a *assetFiles) url(name string) (string, error) {
	f, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("asset %q is not embedded", name)
	}
	return "/assets/" + name + "?v=" + f.version, nil
}

func (s *Server) asset(c *gin.Context) error {
	f, ok := s.assets.byName[strings.TrimPrefix(c.Param("name"), "/")]
	if !ok {
		return ErrNotFound
	}
	if c.Query("v") == f.version {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Header("Cache-Control", "no-cache")
	}
	c.Data(http.StatusOK, f.kind, f.bytes)
	return nil
}

// healthz answers as soon as the port is served; the admin port's /readyz says whether the dependencies are there.
func (s *Server) healthz(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}
