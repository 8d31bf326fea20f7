package dashboards

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed templates
var templateFS embed.FS

// pageNames are the templates that stand on their own; each fills the blocks of shell.html. partials are shared.
var (
	pageNames = []string{"login", "overview", "queue", "alert", "models", "system", "failure"}
	partials  = []string{"templates/shell.html", "templates/detail.html", "templates/rows.html", "templates/figure.html"}
)

func parsePages(assets *assetFiles) (map[string]*template.Template, error) {
	funcs := template.FuncMap{"asset": assets.url, "icon": icon}
	pages := map[string]*template.Template{}
	for _, name := range pageNames {
		t, err := template.New(name).Funcs(funcs).Option("missingkey=error").
			ParseFS(templateFS, append(partials, "templates/"+name+".html")...)
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		pages[name] = t
	}
	return pages, nil
}

// shell is what every page shows around its content.
type shell struct {
	Title   string
	Active  string // the entry of the navigation that is marked
	User    User
	Decides bool // the user may decide
	Version string
}

func (s *Server) shell(c *gin.Context, title, active string) shell {
	u, _ := c.Get(userKey)
	user, _ := u.(User)
	return shell{Title: title, Active: active, User: user, Decides: user.Role.includes(Analyst), Version: s.opts.Version}
}

// render writes a whole page, or an error page if the template fails: never half of one.
func (s *Server) render(c *gin.Context, status int, page string, data any) {
	s.renderBlock(c, status, page, "shell", data)
}

// renderBlock writes one block of a page, for htmx.
func (s *Server) renderBlock(c *gin.Context, status int, page, block string, data any) {
	var buf bytes.Buffer
	if err := s.execute(&buf, page, block, data); err != nil {
		s.opts.Log.Error("dashboard: render", "error", err)
		c.String(http.StatusInternalServerError, "This page could not be drawn; the log says why.")
		return
	}
	c.Data(status, "text/html; charset=utf-8", buf.Bytes())
}

func (s *Server) execute(w io.Writer, page, block string, data any) error {
	t, ok := s.pages[page]
	if !ok {
		return fmt.Errorf("page %q has no template", page)
	}
	if err := t.ExecuteTemplate(w, block, data); err != nil {
		return fmt.Errorf("render %s of page %s: %w", block, page, err)
	}
	return nil
}
