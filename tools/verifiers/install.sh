#!/usr/bin/env bash
# Installs the software that checks Insigne's badges, in pinned versions, and prints
# the folder that contains it:
#
#   node_modules           the packages of package-lock.json
#   openbadgeslib          a Python environment with openbadgeslib
#   1edtech                a Python environment with the 1EdTech Open Badges 2.0 validator
#   schemas                the JSON schemas of Open Badges 3.0
#
# The folder is outside of the source tree and is named after the pinned versions, so a
# second run finds it complete. It needs Node 20, npm and Python 3.11 or newer.
# With "wallets" it installs the software of tools/verifiers/wallets instead, which is
# large.
set -euo pipefail
cd "$(dirname "$0")"

what="${1:-judges}"
cache="${INSIGNE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/insigne/verifiers}"

# name prints the folder for the pinned versions in files, on this machine.
name() {
    local versions
    versions=$( (cat "$@" install.sh && node --version && python3 --version) | sha256sum)
    echo "$cache/$what-${versions:0:16}"
}

install_node() {
    mkdir -p "$2"
    cp "$1/package.json" "$1/package-lock.json" .npmrc "$2"
    # The wallet names optional packages that do not exist, which "npm ci" refuses.
    local how=ci
    [ "$what" = wallets ] && how=install
    (cd "$2" && npm "$how" --ignore-scripts --loglevel=error >&2)
}

# install_python makes an environment from a file with hashes. The packages that have
# no wheel are built with the pinned setuptools, so that nothing else is fetched.
install_python() {
    python3 -m venv "$2"
    grep -A 2 -E '^(setuptools|wheel)==' "$1" | grep -v '^--$' >"$2/build.txt"
    "$2/bin/pip" install -q --require-hashes --no-deps -r "$2/build.txt" >&2
    "$2/bin/pip" install -q --require-hashes --no-deps --no-build-isolation -r "$1" >&2
}

# install_schemas takes the schemas from the source package of openbadgeslib, which has
# them for its own tests.
install_schemas() {
    local source
    source=$(mktemp -d)
    grep -A 2 '^openbadgeslib==' openbadgeslib.txt >"$source/only.txt"
    "$1/openbadgeslib/bin/pip" download -q --require-hashes --no-deps --no-build-isolation --no-binary openbadgeslib \
        -d "$source" -r "$source/only.txt" >&2
    tar -xzf "$source"/openbadgeslib-*.tar.gz -C "$source" --wildcards '*/tests/fixtures/ob_schemas/*'
    mkdir -p "$1/schemas"
    mv "$source"/openbadgeslib-*/tests/fixtures/ob_schemas/* "$1/schemas"
    rm -rf "$source"
}

case "$what" in
judges)
    beside=.
    dir=$(name package-lock.json openbadgeslib.txt 1edtech.txt)
    ;;
wallets)
    beside=wallets
    dir=$(name wallets/package-lock.json)
    ;;
*)
    echo "usage: tools/verifiers/install.sh [wallets]" >&2
    exit 2
    ;;
esac

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # two runs at once would install into the same folder
if [ ! -e "$dir/complete" ]; then
    rm -rf "$dir"
    mkdir -p "$dir"
    if [ "$what" = wallets ]; then
        install_node "$beside" "$dir"
    else
        install_node "$beside" "$dir" &
        install_python openbadgeslib.txt "$dir/openbadgeslib"
        install_python 1edtech.txt "$dir/1edtech"
        install_schemas "$dir"
        wait $!
    fi
    touch "$dir/complete"
fi
# The scripts find their packages where Node looks for them.
ln -sfn "$dir/node_modules" "$beside/node_modules"
echo "$dir"
