#!/usr/bin/env bash
# Starts real servers on loopback ports with their data in a temporary folder, runs a command with their addresses in its environment,
# and stops them again. What is missing on the machine is installed: Debian packages by apt-get, Kafka's jars by Maven.
#
#   deploy/real/with.sh [kafka] [postgres] [redis] [chromium] -- COMMAND…
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
RUN=$(mktemp -d /tmp/skimwatch-real.XXXXXX)
chmod 755 "$RUN" # the user postgres has to get through
STARTED=()
command=''

for part in lib kafka postgres redis chromium; do
	# shellcheck source=/dev/null
	. "$ROOT/deploy/real/$part.sh"
done

finish() {
	local code=$?
	trap - EXIT INT TERM
	[ -z "$command" ] || stop "$command"
	for pid in "${STARTED[@]}"; do
		stop "$pid"
	done
	rm -rf "$RUN"
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

servers=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	servers+=("$1")
	shift
done
[ $# -ge 2 ] || fail "usage: with.sh [kafka] [postgres] [redis] [chromium] -- COMMAND…"
shift

for server in "${servers[@]}"; do
	case $server in
	kafka | postgres | redis | chromium) "start_$server" ;;
	*) fail "no server is called $server" ;;
	esac
done
# In the background, because bash handles a signal only when no command runs in front of it.
"$@" <&0 &
command=$!
wait "$command"
