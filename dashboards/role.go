package dashboards

import "slices"

var roleOrder = [...]Role{Viewer, Analyst, Admin}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(roleOrder[:], r) }

// includes reports whether r may do what least may do.
func (r Role) includes(least Role) bool {
	return r.Valid() && slices.Index(roleOrder[:], r) >= slices.Index(roleOrder[:], least)
}
