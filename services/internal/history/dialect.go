package history

import "database/sql"

// Dialect is what differs between the databases.
type Dialect struct {
	name      string
	bytes     string             // type of a byte string
	number    string             // type of a primary key that counts up by itself
	lock      string             // statement that keeps other processes from migrating at the same time; empty when begin does
	oneWriter bool               // the database takes one writing transaction at a time
	snapshot  sql.IsolationLevel // at which a reading transaction sees one instant
	unnamed   bool               // multi-row inserts write ? instead of $n
	rows      int                // per statement of a multi-row insert
}

// The dialects. The SQLite driver looks for every value of a statement among all of them, by name where it has one: few rows
// at a time without names are fastest. PostgreSQL is a round trip away: many rows are.
var (
	SQLite   = Dialect{name: "sqlite", bytes: "BLOB", number: "INTEGER PRIMARY KEY AUTOINCREMENT", oneWriter: true, unnamed: true, rows: 4}
	Postgres = Dialect{name: "postgres", bytes: "BYTEA", number: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", lock: "SELECT pg_advisory_xact_lock(7236147)", snapshot: sql.LevelRepeatableRead, rows: 64}
)
