package history

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// migrations are numbered from 1 without gaps: NNN_name.sql for all databases, or NNN_name.DIALECT.sql for one. A file's
// statements are set apart by empty lines. A file that was released is never changed.
//
//go:embed migrations
var migrations embed.FS

type migration struct {
	version int
	name    string
	text    string
}

// Migrate brings the tables up to this program's version. It may be called at every start, and by several processes at once.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := s.dialect.migrations()
	if err != nil {
		return fmt.Errorf("migrate the history: %w", err)
	}
	return s.write(ctx, "migrate the history", func(tx *sql.Tx) error {
		if s.dialect.lock != "" {
			if _, err := tx.ExecContext(ctx, s.dialect.lock); err != nil {
				return fmt.Errorf("wait for other migrations: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL)`); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM schema_version`).Scan(&have); err != nil {
			return err
		}
		if have > len(all) {
			return fmt.Errorf("the database has schema version %d, this program knows up to %d: use a newer skimwatch", have, len(all))
		}
		for _, m := range all[have:] {
			if err := m.apply(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
		return nil
	})
}

func (m migration) apply(ctx context.Context, tx *sql.Tx) error {
	for statement := range strings.SplitSeq(m.text, "\n\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%w in: %s", err, strings.TrimSpace(statement))
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO schema_version (version, name) VALUES ($1, $2)`, m.version, m.name)
	return err
}

// migrations returns the dialect's migrations in order of their numbers.
func (d Dialect) migrations() ([]migration, error) {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	words := strings.NewReplacer("{bytes}", d.bytes, "{number}", d.number)
	var all []migration
	for _, f := range files {
		parts := strings.Split(f.Name(), ".")
		if len(parts) == 3 && parts[1] != d.name {
			continue
		}
		number, _, _ := strings.Cut(parts[0], "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != len(all)+1 {
			return nil, fmt.Errorf("BUG: migration %s is not number %d", f.Name(), len(all)+1)
		}
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, migration{version, parts[0], words.Replace(string(text))})
	}
	return all, nil
}
