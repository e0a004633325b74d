#!/usr/bin/env bash
# Installs the Debian packages named as arguments, those that are missing.
# Where it may not (no root, no apt), it says which to install and fails.
set -euo pipefail

missing=()
for package in "$@"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || command -v "$package" >/dev/null || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "needed and not installed: ${missing[*]} (Debian package names)" >&2
  exit 1
fi
# In runlevel 1 no package starts its service: tests start their own.
# Two may be asked for at once, and dpkg serves one.
exec 9>"${TMPDIR:-/tmp}/gws-observatory-packages.lock"
flock 9
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
RUNLEVEL=1 apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
