#!/bin/sh
# Puts Consul 1.8.7, as Debian 11 packaged it, under .cache/consul and prints the
# program's path. Debian 12 has no Consul of its own.
#
# The package comes from wherever this machine already gets Debian's packages: its own
# source is copied with the suite's name changed, and apt works in a directory of its
# own, so that the machine's apt is left as it was. With the program there already,
# nothing is asked.
set -eu

suite=bullseye
cache=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)/.cache
program=$cache/consul/usr/bin/consul

if "$program" version >/dev/null 2>&1; then
    echo "$program"
    exit 0
fi

# The first Debian mirror that this machine knows, in either of apt's two notations.
own_mirror() {
    for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
        [ -r "$file" ] || continue
        awk '
            tolower($1) == "uris:" { print $2; exit }
            $1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /:\//) { print $i; exit } }
        ' "$file"
    done | head -n 1
}

mirror=$(own_mirror)
if [ -z "$mirror" ]; then
    echo "fetch_consul: /etc/apt names no Debian mirror whose source could be copied" >&2
    exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/consul-fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial"
touch "$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" \
    >"$work/sources.list"

# The user root as sandbox: apt's own user may not reach into a private checkout.
own_apt() {
    apt-get -qq \
        -o Dir::Etc::SourceList="$work/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State="$work" \
        -o Dir::State::Lists="$work/lists" \
        -o Dir::State::Status="$work/status" \
        -o Dir::Cache="$work" \
        -o Dir::Cache::Archives="$work/archives" \
        -o APT::Sandbox::User=root \
        -o Acquire::Retries=3 \
        -o Acquire::Languages=none \
        "$@" >&2
}

own_apt update
(cd "$work/archives" && own_apt download consul)
dpkg -x "$work"/archives/consul_*.deb "$work/root"
rm -rf "$cache/consul"
mv -T "$work/root" "$cache/consul"
"$program" version >&2
echo "$program"
