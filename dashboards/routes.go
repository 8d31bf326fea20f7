package dashboards

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
)

// handler answers one request; the error it returns becomes the error page, or the error object of the API.
type handler func(*gin.Context) error

// route is one address with the least role that may use it.
type route struct {
	method string
	path   string
	least  Role // anyone when empty
	handle handler
}

// anyone marks routes that need no session.
const anyone Role = ""

// routes is the list of everything the dashboard answers.
func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/healthz", anyone, s.healthz},
		{get, "/assets/*name", anyone, s.asset},
		{get, "/login", anyone, s.loginPage},
		{post, "/login", anyone, s.login},
		{get, "/sign-in", anyone, s.signIn},
		{post, "/logout", anyone, s.logout},

		{get, "/", Viewer, s.overview},
		{get, "/overview/series", Viewer, s.overviewSeries},
		{get, "/queue", Viewer, s.queue},
		{get, "/queue/rows", Viewer, s.queueRows},
		{get, "/queue/rows/:id", Viewer, s.queueRow},
		{post, "/queue/next", Analyst, s.queueNext},
		{get, "/alerts/:id", Viewer, s.alert},
		{get, "/alerts/:id/pane", Viewer, s.alertPane},
		{post, "/alerts/:id/decide", Analyst, s.decide},
		{post, "/alerts/:id/undo", Analyst, s.undo},
		{post, "/alerts/:id/assign", Analyst, s.assign},
		{get, "/models", Viewer, s.models},
		{get, "/system", Viewer, s.system},
		{get, "/live", Viewer, s.live},

		{get, "/api/v1/overview", Viewer, s.apiOverview},
		{get, "/api/v1/alerts", Viewer, s.apiAlerts},
		{get, "/api/v1/alerts/:id", Viewer, s.apiAlert},
		{post, "/api/v1/alerts/:id/decide", Analyst, s.apiDecide},
		{post, "/api/v1/alerts/:id/undo", Analyst, s.apiUndo},
		{get, "/api/v1/models", Viewer, s.apiModels},
		{get, "/api/v1/system", Viewer, s.apiSystem},
	}
}

// route wires routes, roles, headers and the cross-origin check into one handler.
func (s *Server) route() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	if err := e.SetTrustedProxies(nil); err != nil {
		panic("BUG: no proxies is a valid list of proxies: " + err.Error())
	}
	e.HandleMethodNotAllowed = true
	e.Use(gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, cause any) {
		s.opts.Log.Error("dashboard: panic", "path", c.FullPath(), "cause", cause)
		s.fail(c, errors.New("this page met a bug; it was logged"))
	}))
	for _, r := range s.routes() {
		e.Handle(r.method, r.path, s.guard(r))
	}
	e.NoRoute(func(c *gin.Context) { s.fail(c, ErrNotFound) })
	e.NoMethod(func(c *gin.Context) { s.fail(c, errMethod) })
	crossOrigin := http.NewCrossOriginProtection()
	return securityHeaders(s.opts.HTTPS, crossOrigin.Handler(e))
}

// guard is the one place where roles are checked.
func (s *Server) guard(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		if r.least != anyone {
			u, err := s.identify(c)
			if err == nil && !u.Role.includes(r.least) {
				err = errForbidden
			}
			if err != nil {
				s.refuse(c, err)
				return
			}
			c.Set(userKey, u)
		}
		if err := r.handle(c); err != nil {
			s.fail(c, err)
		}
	}
}
