#!/usr/bin/env bash
# Everything a change must pass. Installs what is missing when run as root.
set -euo pipefail
cd "$(dirname "$0")"

step() { printf '\n== %s\n' "$*"; }

install_packages() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    [ -x "$(postgres_bin)/initdb" ] || missing+=(postgresql)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing: ${missing[*]} (install them, or run this script as root)" >&2
        exit 1
    fi
    step "install ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

postgres_bin() {
    local newest
    newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    echo "${newest:-/usr/lib/postgresql}"
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

start_postgres() {
    step "start PostgreSQL on loopback"
    pgdir=$(mktemp -d)
    [ "$(id -u)" -eq 0 ] && chown postgres "$pgdir"
    local bin port
    bin=$(postgres_bin)
    port=$((20000 + RANDOM % 20000))
    (cd "$pgdir" && as_postgres "$bin/initdb" -D "$pgdir/data" -U insigne --auth=trust --no-sync >/dev/null)
    trap stop_postgres EXIT
    (cd "$pgdir" && as_postgres "$bin/pg_ctl" -D "$pgdir/data" -l "$pgdir/log" -w start \
        -o "-p $port -k $pgdir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" >/dev/null)
    export INSIGNE_TEST_POSTGRES_URL="postgres://insigne@127.0.0.1:$port/postgres?sslmode=disable"
}

stop_postgres() {
    as_postgres "$(postgres_bin)/pg_ctl" -D "$pgdir/data" -m immediate stop >/dev/null || true
    rm -rf "$pgdir"
}

tool() { go tool -modfile=tools/go.mod "$@"; }

install_packages

step "formatting"
unformatted=$(tool gofumpt -l .)
if [ -n "$unformatted" ]; then
    printf 'not formatted (run go tool -modfile=tools/go.mod gofumpt -w .):\n%s\n' "$unformatted"
    exit 1
fi

step "vet"
go vet ./...

step "lint"
tool golangci-lint run ./...

step "known vulnerabilities"
if curl -fsS --max-time 5 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then
    tool govulncheck ./...
else
    echo "vulnerability database not reachable from here: not checked"
fi

start_postgres

step "tests with the race detector, the browser story among them"
go test -race -timeout 30m ./...
