package dashboards

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

type loginPage struct {
	shell
	Name  string
	Next  string
	Error string
}

func (s *Server) loginPage(c *gin.Context) error {
	s.render(c, http.StatusOK, "login", loginPage{shell: s.shell(c, "Sign in", ""), Next: localPath(c.Query("next"))})
	return nil
}

func (s *Server) login(c *gin.Context) error {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 8<<10)
	name, password, next := c.PostForm("name"), c.PostForm("password"), localPath(c.PostForm("next"))
	refused := func(status int, why string) error {
		p := loginPage{shell: s.shell(c, "Sign in", ""), Name: name, Next: next, Error: why}
		s.render(c, status, "login", p)
		return nil
	}
	if !s.refusals.try(s.opts.Now(), c.ClientIP(), name) {
		_, text := statusOf(errTooMany)
		c.Header("Retry-After", "60")
		return refused(http.StatusTooManyRequests, text)
	}
	u, err := s.ports.Users.User(c.Request.Context(), name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if !s.passwordMatches(u, password) {
		if err := s.record(c, Entry{By: name, Action: "sign_in_refused"}); err != nil {
			return err
		}
		return refused(http.StatusUnauthorized, "Name and password do not match.")
	}
	s.refusals.forgive(c.ClientIP(), name)
	return s.enter(c, u, next)
}

func (s *Server) passwordMatches(u User, password string) bool {
	hash := u.Password
	if hash == "" || u.Disabled {
		hash = noPassword
	}
	s.passwords <- struct{}{}
	defer func() { <-s.passwords }()
	return checkPassword(hash, password) && hash != noPassword
}

// signIn opens a session for the one-time link that SignInToken made. A second use is refused.
func (s *Server) signIn(c *gin.Context) error {
	name, ok := s.links.use(c.Query("token"), s.opts.Now())
	var u User
	if ok {
		var err error
		if u, err = s.ports.Users.User(c.Request.Context(), name); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	if u.Name == "" || u.Disabled {
		p := loginPage{shell: s.shell(c, "Sign in", ""), Error: "This sign-in link was used already or has expired."}
		s.render(c, http.StatusUnauthorized, "login", p)
		return nil
	}
	return s.enter(c, u, localPath(c.Query("next")))
}

func (s *Server) enter(c *gin.Context, u User, next string) error {
	if err := s.record(c, Entry{By: u.Name, Action: "sign_in"}); err != nil {
		return err
	}
	s.startSession(c, u.Name)
	c.Redirect(http.StatusSeeOther, next)
	return nil
}

func (s *Server) logout(c *gin.Context) error {
	if key := sessionKey(c.Request, s.opts.HTTPS); key != "" {
		if name, ok := s.sessions.find(key, s.opts.Now(), false); ok {
			if err := s.record(c, Entry{By: name, Action: "sign_out"}); err != nil {
				return err
			}
		}
		s.sessions.close(key)
	}
	s.setCookies(c, "", -1)
	c.Redirect(http.StatusSeeOther, "/login")
	return nil
}

func (s *Server) record(c *gin.Context, e Entry) error {
	e.At = s.opts.Now()
	return s.ports.Trail.Record(c.Request.Context(), e)
}

// localPath keeps an address of this dashboard and turns everything else into "/".
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") {
		return "/"
	}
	return next
}
