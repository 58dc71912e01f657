#!/bin/sh
# Installs what building and testing tenon needs, on Debian 12 or Ubuntu 24.04 (or newer), through apt.
#
#   sh cmake/setup.sh         compiler, cmake, ninja, Eigen, Catch2, Google Benchmark, xtensor
#   sh cmake/setup.sh --ci    and clang 16 with its sanitizers, clang-format and clang-tidy
#
# Installs only what is missing, needs root or sudo only then, and may be run as often as one likes.
set -eu

fail() {
    echo "setup.sh: $*" >&2
    exit 1
}

packages="g++ cmake ninja-build libeigen3-dev catch2 libbenchmark-dev libxtensor-dev"
case "${1-}" in
'') ;;
--ci) packages="$packages clang-16 libclang-rt-16-dev clang-format-16 clang-tidy-16" ;;
*) fail "usage: sh cmake/setup.sh [--ci]" ;;
esac

# A program counts as there wherever it comes from; a library only as a package.
is_there() {
    case "$1" in
    ninja-build) command -v ninja ;;
    clang-16) command -v clang++-16 ;;
    g++ | cmake | clang-format-16 | clang-tidy-16) command -v "$1" ;;
    *) dpkg-query -W -f '${Status}' "$1" 2>&1 | grep -q '^install ok installed' ;;
    esac >/dev/null
}

missing=
for package in $packages; do
    is_there "$package" || missing="$missing $package"
done

if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || fail "there is no apt-get here; install by hand:$missing"
    if [ "$(id -u)" = 0 ]; then
        as_root='env'
    elif command -v sudo >/dev/null; then
        as_root='sudo env'
    else
        fail "neither root nor sudo, so cannot install:$missing"
    fi
    echo "setup.sh: installing$missing"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    apt() { $as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null >>"$log" 2>&1; }
    apt update || true # one unreachable source among several need not matter
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $missing ||
        fail "apt-get could not install$missing: $(grep '^E:' "$log" | tail -n 1)"
fi

# What is there may still be too old: Debian 12 and Ubuntu 24.04 are not.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
cmake_version=$(cmake --version | sed -n '1s/[^0-9]*//p')
at_least "$cmake_version" 3.25 || fail "cmake 3.25 or newer is needed, this is $cmake_version"
gxx_version=$(g++ -dumpfullversion)
at_least "$gxx_version" 12 || fail "g++ 12 or newer is needed, this is $gxx_version"
