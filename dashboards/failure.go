package dashboards

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

var (
	errSignIn    = errors.New("sign in first")
	errForbidden = errors.New("your role does not allow this")
	errMethod    = errors.New("this address does not answer that method")
	errTooMany   = errors.New("too many refused sign-ins; wait a minute")
)

// badRequest is an error of the caller; its text is shown.
type badRequest string

func (e badRequest) Error() string { return string(e) }

// statusOf translates an error into an HTTP status and the text that may be shown.
func statusOf(err error) (int, string) {
	var bad badRequest
	switch {
	case errors.As(err, &bad):
		return http.StatusBadRequest, bad.Error()
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound, "There is nothing at this address."
	case errors.Is(err, ErrConflict):
		return http.StatusConflict, "Somebody decided this first, or its labels have already left. Reload to see it."
	case errors.Is(err, errSignIn):
		return http.StatusUnauthorized, "Sign in first."
	case errors.Is(err, errForbidden):
		return http.StatusForbidden, "Your role does not allow this."
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed, "This address does not answer that method."
	case errors.Is(err, errTooMany):
		return http.StatusTooManyRequests, "Too many refused sign-ins. Wait a minute."
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout, "A server that this page needs did not answer in time. The system page says which."
	}
	return http.StatusInternalServerError, "A server that this page needs did not answer. The system page says which."
}

type failurePage struct {
	shell
	Status  int
	Heading string
	Message string
}

// fail answers with the error in the form that the caller reads: page, fragment or JSON.
func (s *Server) fail(c *gin.Context, err error) {
	status, text := statusOf(err)
	if status >= 500 {
		s.logStop(c.Request.Context(), "answer "+c.Request.URL.Path, err)
	}
	if c.Writer.Written() {
		return
	}
	switch {
	case isAPI(c):
		c.JSON(status, gin.H{"error": text})
	case isFragment(c):
		c.String(status, "%s", text)
	default:
		p := failurePage{shell: s.shell(c, http.StatusText(status), ""), Status: status, Heading: http.StatusText(status), Message: text}
		s.render(c, status, "failure", p)
	}
}

// refuse answers a caller without a session, or with too small a role.
func (s *Server) refuse(c *gin.Context, err error) {
	if errors.Is(err, errSignIn) {
		to := "/login"
		if c.Request.Method == http.MethodGet && !isFragment(c) && c.Request.URL.Path != "/" {
			to += "?next=" + url.QueryEscape(c.Request.URL.RequestURI())
		}
		switch {
		case isAPI(c):
			c.Header("WWW-Authenticate", "Bearer")
		case isFragment(c):
			c.Header("HX-Redirect", to)
		case c.Request.Method == http.MethodGet && c.FullPath() != "/live":
			c.Redirect(http.StatusSeeOther, to)
			return
		}
	}
	s.fail(c, err)
}

func isAPI(c *gin.Context) bool { return strings.HasPrefix(c.Request.URL.Path, "/api/") }

func isFragment(c *gin.Context) bool { return c.GetHeader("HX-Request") == "true" }
