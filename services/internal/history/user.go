package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"skimwatch/dashboards"
)

const selectUser = `SELECT name, role, password, token, disabled FROM users WHERE `

// User implements dashboards.Users.
func (s *Store) User(ctx context.Context, name string) (dashboards.User, error) {
	u, err := s.user(ctx, `name = $1`, name)
	if err != nil {
		return u, fmt.Errorf("look up user %q: %w", name, err)
	}
	return u, nil
}

// UserByToken implements dashboards.Users. The empty sum belongs to nobody.
func (s *Store) UserByToken(ctx context.Context, sum string) (dashboards.User, error) {
	u, err := s.user(ctx, `token = $1 AND token <> ''`, sum)
	if err != nil {
		return u, fmt.Errorf("look up the user of a token: %w", err)
	}
	return u, nil
}

func (s *Store) user(ctx context.Context, condition, value string) (u dashboards.User, err error) {
	err = s.db.QueryRowContext(ctx, selectUser+condition, value).Scan(&u.Name, &u.Role, &u.Password, &u.Token, &u.Disabled)
	if errors.Is(err, sql.ErrNoRows) {
		err = dashboards.ErrNotFound
	}
	return u, err
}

// PutUser implements dashboards.Users.
func (s *Store) PutUser(ctx context.Context, u dashboards.User) error {
	return s.write(ctx, fmt.Sprintf("store user %q", u.Name), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO users (name, role, password, token, disabled) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password, token = excluded.token, disabled = excluded.disabled`,
			u.Name, string(u.Role), u.Password, u.Token, u.Disabled)
		return err
	})
}
