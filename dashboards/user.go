package dashboards

import "skimwatch/engine/atm"

// Role is what a user may do; each includes the ones before it.
type Role string

// The roles, least first.
const (
	Viewer  Role = "viewer"  // reads, with cards masked to the last four digits
	Analyst Role = "analyst" // also decides, and sees BIN and last four
	Admin   Role = "admin"   // also sees the system page's dead letters
)

// User is a person or a program that may sign in.
type User struct {
	Name     string
	Role     Role
	Password string // Argon2id in PHC format; empty: cannot sign in by password
	Token    string // SHA-256 of the API token in hexadecimal; empty: none
	Disabled bool
}

// Entry is one line of the audit.
type Entry struct {
	At      atm.Time // processing time
	By      string   // user name
	Action  string   // sign_in, sign_in_refused, sign_out, view, decide, undo, assign, release
	Episode string   // empty when not about one
	Detail  string   // for decide: verdict and reason code
}
