package dashboards

import (
	"crypto/sha256"
	"sync"
	"time"

	"skimwatch/engine/atm"
)

type signInLink struct {
	user  string
	until atm.Time
}

// signInLinks are the one-time links that were given out and not used, by the hash of their token.
type signInLinks struct {
	mu     sync.Mutex
	byHash map[[32]byte]signInLink
}

func newSignInLinks() *signInLinks { return &signInLinks{byHash: map[[32]byte]signInLink{}} }

// SignInToken returns a token with which opening /sign-in?token=… signs user in, once, within the given time.
func (s *Server) SignInToken(user string, within time.Duration) string {
	token := newKey()
	s.links.mu.Lock()
	defer s.links.mu.Unlock()
	s.links.byHash[sha256.Sum256([]byte(token))] = signInLink{user: user, until: s.opts.Now() + atm.Time(within.Microseconds())}
	return token
}

func (l *signInLinks) use(token string, now atm.Time) (user string, ok bool) {
	h := sha256.Sum256([]byte(token))
	l.mu.Lock()
	defer l.mu.Unlock()
	link, ok := l.byHash[h]
	delete(l.byHash, h)
	if !ok || now > link.until {
		return "", false
	}
	return link.user, true
}
