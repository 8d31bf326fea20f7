// Package postgres opens PostgreSQL databases.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// ErrAddress is wrapped by the error of an address that is no PostgreSQL URL: trying again is of no use.
var ErrAddress = errors.New("not a PostgreSQL URL")

// Open connects to the database at a URL such as postgres://user:password@host:5432/name?sslmode=disable. The caller closes it.
// Errors never show the password.
func Open(ctx context.Context, url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open the PostgreSQL database: %w: %w", ErrAddress, err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "skimwatch"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(12)
	db.SetMaxIdleConns(6)
	db.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open the PostgreSQL database %s on %s:%d: %w", config.Database, config.Host, config.Port, err)
	}
	return db, nil
}
