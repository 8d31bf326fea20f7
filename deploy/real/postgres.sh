# PostgreSQL, which refuses to run as root: then it runs as Debian's user postgres. Sets SKIMWATCH_TEST_POSTGRES.

start_postgres() {
	need initdb postgresql
	local dir=$RUN/postgres port as=() bin
	bin=$(dirname "$(find_program initdb)")
	port=$(free_port)
	mkdir -p "$dir"
	if [ "$(id -u)" = 0 ]; then
		as=(setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$dir")
		chown postgres "$dir"
	fi
	(cd "$dir" && "${as[@]}" "$bin/initdb" -D "$dir/data" -U skimwatch -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/init.log" 2>&1) || { cat "$dir/init.log" >&2; fail "PostgreSQL's data folder could not be made"; }
	(cd "$dir" && exec "${as[@]}" "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200) >"$dir/log" 2>&1 &
	STARTED+=($!)
	wait_for 60 postgres "$dir/log" $! "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"
	"$bin/createdb" -h 127.0.0.1 -p "$port" -U skimwatch skimwatch || fail "PostgreSQL's database could not be made"
	export SKIMWATCH_TEST_POSTGRES="postgres://skimwatch@127.0.0.1:$port/skimwatch?sslmode=disable"
	say "postgres on $SKIMWATCH_TEST_POSTGRES"
}
