# What the scripts of this folder share. Sourced by with.sh, which sets ROOT (the repository) and RUN (the run's temporary folder).

say() { echo "real: $*" >&2; }

fail() { say "$*"; exit 1; }

# need PROGRAM PACKAGE…: installs Debian packages when the program is missing.
need() {
	local program=$1
	shift
	find_program "$program" >/dev/null && return
	local as=()
	[ "$(id -u)" = 0 ] || as=(sudo -n)
	command -v apt-get >/dev/null || fail "$program is missing: install it (Debian: apt-get install $*)"
	say "installing $*"
	if [ ! -e "$RUN/updated" ]; then
		"${as[@]}" apt-get update -qq >&2 || say "apt-get update did not work; trying with the lists that are there"
		touch "$RUN/updated"
	fi
	"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 || fail "$program is missing and could not be installed: apt-get install $*"
	find_program "$program" >/dev/null || fail "$* is installed, but there is no $program"
}

# find_program NAME: its path. PostgreSQL's programs are not in Debian's PATH, and one that somebody linked there has no siblings.
find_program() {
	local found
	found=$(ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1)
	if [ -n "$found" ]; then
		echo "$found"
	else
		command -v "$1"
	fi
}

# open_port PORT: whether somebody listens there.
open_port() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: a loopback port that nobody listens on, below the range from which clients get theirs.
free_port() {
	local port
	while :; do
		port=$((10000 + RANDOM % 20000))
		open_port "$port" || break
	done
	echo "$port"
}

# wait_for SECONDS WHAT LOG PID COMMAND…: until the command succeeds; fails with the end of the log when the process ends before.
wait_for() {
	local limit=$(($1 * 10)) what=$2 log=$3 pid=$4
	shift 4
	for ((i = 0; i < limit; i++)); do
		"$@" && return
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 30 "$log" >&2
	fail "$what did not start; its log is above"
}

# stop PID: ends a process that we started, by force after ten seconds.
stop() {
	kill "$1" 2>/dev/null || return 0
	for _ in {1..100}; do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -9 "$1" 2>/dev/null || true
}
