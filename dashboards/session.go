package dashboards

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"skimwatch/engine/atm"
)

// Browsers keep the __Host- cookie even on http://127.0.0.1. Other HTTP clients send no Secure cookie over plain HTTP,
// so there, and only there, the session also stands in a plain cookie.
const (
	secureCookie = "__Host-skimwatch"
	plainCookie  = "skimwatch"
)

const (
	userKey     = "user"
	maxSessions = 10000
)

type session struct {
	user    string
	created atm.Time
	seen    atm.Time
}

// sessions are kept in memory, by the hash of their key: a restart signs everybody out.
type sessions struct {
	idle, total atm.Time
	mu          sync.Mutex
	byHash      map[[32]byte]session
}

func newSessions(idle, total time.Duration) *sessions {
	return &sessions{idle: atm.Time(idle.Microseconds()), total: atm.Time(total.Microseconds()), byHash: map[[32]byte]session{}}
}

// newKey returns 256 random bits as text.
func newKey() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (s *sessions) open(user string, now atm.Time) string {
	key := newKey()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byHash) >= maxSessions {
		s.dropEnded(now)
	}
	s.byHash[sha256.Sum256([]byte(key))] = session{user: user, created: now, seen: now}
	return key
}

// find returns the user of a session and, if it is active, moves its idle limit.
func (s *sessions) find(key string, now atm.Time, active bool) (user string, ok bool) {
	h := sha256.Sum256([]byte(key))
	s.mu.Lock()
	defer s.mu.Unlock()
	got, ok := s.byHash[h]
	if !ok {
		return "", false
	}
	if s.ended(got, now) {
		delete(s.byHash, h)
		return "", false
	}
	if active {
		got.seen = now
		s.byHash[h] = got
	}
	return got.user, true
}

func (s *sessions) close(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byHash, sha256.Sum256([]byte(key)))
}

func (s *sessions) ended(x session, now atm.Time) bool {
	return now-x.seen > s.idle || now-x.created > s.total
}

func (s *sessions) dropEnded(now atm.Time) {
	var oldest [32]byte
	first := atm.Time(1<<63 - 1)
	for h, x := range s.byHash {
		if s.ended(x, now) {
			delete(s.byHash, h)
		} else if x.seen < first {
			oldest, first = h, x.seen
		}
	}
	if len(s.byHash) >= maxSessions {
		delete(s.byHash, oldest)
	}
}

// identify returns the user of the request's bearer token or session, or errSignIn.
func (s *Server) identify(c *gin.Context) (User, error) {
	ctx := c.Request.Context()
	var u User
	var err error
	if token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer "); ok && isAPI(c) {
		sum := sha256.Sum256([]byte(token))
		u, err = s.ports.Users.UserByToken(ctx, hex.EncodeToString(sum[:]))
	} else {
		name, ok := s.sessions.find(sessionKey(c.Request, s.opts.HTTPS), s.opts.Now(), c.FullPath() != "/live")
		if !ok {
			return User{}, errSignIn
		}
		u, err = s.ports.Users.User(ctx, name)
	}
	if errors.Is(err, ErrNotFound) || err == nil && u.Disabled {
		return User{}, errSignIn
	}
	return u, err
}

// currentUser returns who made the request; the zero User on pages for anyone.
func currentUser(c *gin.Context) User {
	u, _ := c.MustGet(userKey).(User)
	return u
}

func sessionKey(r *http.Request, https bool) string {
	names := []string{secureCookie}
	if !https && r.TLS == nil {
		names = append(names, plainCookie)
	}
	for _, n := range names {
		if k, err := r.Cookie(n); err == nil && k.Value != "" {
			return k.Value
		}
	}
	return ""
}

// startSession rotates: the session the browser came with, if any, ends.
func (s *Server) startSession(c *gin.Context, user string) {
	if old := sessionKey(c.Request, s.opts.HTTPS); old != "" {
		s.sessions.close(old)
	}
	s.setCookies(c, s.sessions.open(user, s.opts.Now()), int(s.opts.SessionFor.Seconds()))
}

func (s *Server) setCookies(c *gin.Context, key string, maxAge int) {
	k := &http.Cookie{Name: secureCookie, Value: key, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	http.SetCookie(c.Writer, k)
	if !s.opts.HTTPS && c.Request.TLS == nil {
		plain := *k
		plain.Name, plain.Secure = plainCookie, false
		http.SetCookie(c.Writer, &plain)
	}
}
