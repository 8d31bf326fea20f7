package dashboard

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"skimwatch/dashboards"
)

// signInWithin is how long a one-time sign-in link may wait to be opened.
const signInWithin = 24 * time.Hour

// Credentials are the secrets of a user, shown once.
type Credentials struct {
	Name     string          `json:"name"`
	Role     dashboards.Role `json:"role"`
	Password string          `json:"password"`
	Token    string          `json:"token"` // for the API, as Authorization: Bearer
}

// Renew adds the user, or gives an existing one the role and new secrets.
func Renew(ctx context.Context, users dashboards.Users, name string, role dashboards.Role) (Credentials, error) {
	if name == "" || !role.Valid() {
		return Credentials{}, fmt.Errorf("add user %q: role %q is not one of viewer, analyst, admin, or the name is empty", name, role)
	}
	c := Credentials{Name: name, Role: role, Password: rand.Text()[:16], Token: rand.Text()}
	sum := sha256.Sum256([]byte(c.Token))
	err := users.PutUser(ctx, dashboards.User{Name: name, Role: role, Password: dashboards.HashPassword(c.Password), Token: hex.EncodeToString(sum[:])})
	return c, err
}

// Renew is the same on the dashboard's own users.
func (d *Dashboard) Renew(ctx context.Context, name string, role dashboards.Role) (Credentials, error) {
	return Renew(ctx, d.users, name, role)
}

// SignIn returns a link below url that signs the user in once, within a day.
func (d *Dashboard) SignIn(url, name string) string {
	return url + "/sign-in?token=" + d.server.SignInToken(name, signInWithin)
}

// firstUser adds the user admin if there is none, so that a new dashboard can be entered.
func (d *Dashboard) firstUser(ctx context.Context) (added bool, err error) {
	_, err = d.users.User(ctx, firstName)
	if !errors.Is(err, dashboards.ErrNotFound) {
		return false, err
	}
	_, err = d.Renew(ctx, firstName, dashboards.Admin)
	return err == nil, err
}

const firstName = "admin"
