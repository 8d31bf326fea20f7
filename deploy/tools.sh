#!/usr/bin/env bash
# Installs a Go program at a version into .tools/bin, unless that very version is there.
#
#   deploy/tools.sh NAME PACKAGE VERSION
set -euo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.tools/bin
[ -x "$tools/$1" ] && [ "$(cat "$tools/$1.version" 2>/dev/null)" = "$3" ] && exit
mkdir -p "$tools"
echo "installing $1 $3" >&2
cd / # outside the module, whose go.mod knows nothing of tools
GOFLAGS='' GOBIN=$tools go install "$2@$3" >"$tools/$1.log" 2>&1 || { tail -n 5 "$tools/$1.log" >&2; exit 1; }
echo "$3" >"$tools/$1.version"
