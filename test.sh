#!/usr/bin/env bash
# Checks a change. On two cores, once everything is compiled:
#
#   ./test.sh fast   takes little more than a minute, for use while you work: formatting,
#                    vet, and the tests that need no browser, no PostgreSQL and no
#                    race detector, with few random cases.
#   ./test.sh        takes about eight minutes. Every change must pass it:
#                    formatting, vet, lint, known vulnerabilities, and all tests with
#                    the race detector, on SQLite, on PostgreSQL and in a browser, and
#                    with independent software that verifies badges.
#   ./test.sh long   is the same with many more random cases, faults, killed
#                    processes and load. Run it before a release.
#   ./test.sh wallets  lets a wallet verify badges. It installs more than a gigabyte.
#
# Chromium, PostgreSQL and programs that check pictures and PDFs are needed, except by
# "fast". Root gets them installed. Node and Python must be there: with them the script
# installs the verifiers of docs/verifiers.md in a cache outside of this folder.
# INSIGNE_TEST_POSTGRES_URL is set here: the tests make databases on that server.
# INSIGNE_TEST_NODE_MODULES is the folder with the verifiers.
set -euo pipefail
cd "$(dirname "$0")"

mode="${1:-normal}"
case "$mode" in
fast | normal | wallets) timeout=15m ;;
long)
    timeout=2h
    export INSIGNE_TEST_LONG=1
    ;;
*)
    echo "usage: ./test.sh [fast|long|wallets]" >&2
    exit 2
    ;;
esac

step() { printf '\n== %s\n' "$*"; }

install_packages() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    [ -x "$(postgres_bin)/initdb" ] || missing+=(postgresql)
    command -v pngcheck >/dev/null || missing+=(pngcheck)
    command -v qpdf >/dev/null || missing+=(qpdf)
    command -v xmllint >/dev/null || missing+=(libxml2-utils)
    command -v pdftotext >/dev/null || missing+=(poppler-utils)
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "missing: ${missing[*]} (install them, or run this script as root)" >&2
        exit 1
    fi
    step "install ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_verifiers() {
    step "install the verifiers of badges"
    INSIGNE_TEST_NODE_MODULES=$(tools/verifiers/install.sh)
    export INSIGNE_TEST_NODE_MODULES
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

check_format() {
    step "formatting"
    local unformatted
    unformatted=$(tool gofumpt -l .)
    [ -z "$unformatted" ] && return
    printf 'not formatted (run go tool -modfile=tools/go.mod gofumpt -w .):\n%s\n' "$unformatted"
    exit 1
}

check_vulnerabilities() {
    step "known vulnerabilities"
    if curl -fsS --max-time 5 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then
        tool govulncheck ./...
    else
        echo "vulnerability database not reachable from here: not checked"
    fi
}

[ "$mode" = fast ] || install_packages

if [ "$mode" = wallets ]; then
    install_verifiers
    step "install the wallet"
    INSIGNE_TEST_WALLETS=$(tools/verifiers/install.sh wallets)
    export INSIGNE_TEST_WALLETS
    step "the wallet verifies badges"
    go test -timeout "$timeout" -run 'Wallet' -v ./e2e/verifiers/
    exit
fi

check_format

step "vet"
go vet ./...

if [ "$mode" = fast ]; then
    step "tests without browser, PostgreSQL and race detector"
    go test -short -timeout "$timeout" ./...
    exit
fi

step "lint"
tool golangci-lint run ./...

check_vulnerabilities

install_verifiers

start_postgres

# SQLite is translated from C to Go by a machine: modernc.org/sqlite/lib, with the C
# library and the memory that it uses. The detector would make it five times slower
# and finds nothing in it: its authors test it. All other code stays under the
# detector, also where it calls SQLite.
translated=()
for package in modernc.org/sqlite/lib modernc.org/libc modernc.org/memory; do
    translated+=("-gcflags=$package=-race=false")
done
step "tests with the race detector, the browser among them"
go test -race -p 3 "${translated[@]}" -timeout "$timeout" ./...
