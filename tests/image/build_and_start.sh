#!/usr/bin/env bash
# Builds the image and runs it the hard way, without a Docker engine: root of the file
# system read-only, a uid nobody knows, no capabilities, as PID 1 of its own namespace.
# Once as a demo, once as the Helm chart runs it: a configuration and a volume for its files.
# Needs root on Debian, with buildah, debootstrap and crun. The base is Debian's own
# Python 3.11, standing in for the published python:3.11-slim.
set -euo pipefail
cd "$(dirname "$0")/../.."

uid=12345
gid=0
port=18050
work=$(mktemp -d)
store=(buildah --root "$work/store" --runroot "$work/run")
supervisor=""

cleanup() {
  [ -z "$supervisor" ] || kill -KILL "$supervisor" 2>/dev/null || true
  "${store[@]}" rm -a >/dev/null 2>&1 || true
  "${store[@]}" rmi -a -f >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

say() { echo "image: $* (${SECONDS} s)"; }
fail() { echo "image: $*" >&2; [ ! -s "$work/log" ] || tail -n 20 "$work/log" >&2; exit 1; }

make_base() {
  local mirror container
  mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^http/) {print $i; exit}}' \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true)
  [ -n "$mirror" ] || fail "no package mirror found in the apt sources"
  debootstrap --variant=minbase --include=ca-certificates,python3.11,python3.11-venv,python3-venv,python3-pip \
    bookworm "$work/base" "$mirror" >"$work/log" 2>&1 || fail "debootstrap failed"
  container=$("${store[@]}" from scratch)
  tar -C "$work/base" -cf - . | tar -C "$("${store[@]}" mount "$container")" -xf -
  "${store[@]}" commit --quiet --format docker "$container" localhost/python:3.11-slim >/dev/null
  "${store[@]}" rm "$container" >/dev/null
  rm -rf "$work/base"
}

build_image() {
  local bundle=/etc/ssl/certs/ca-certificates.crt
  "${store[@]}" build --isolation chroot --network host --format docker --pull-never \
    --build-arg BASE=localhost/python:3.11-slim -v "$bundle:$bundle:ro" \
    -t localhost/gws-observatory:ci . >"$work/log" 2>&1 || fail "the build failed"
}

of_image() { "${store[@]}" inspect --type image --format "$1" localhost/gws-observatory:ci; }

check_configuration() {
  [ "$(of_image '{{.Docker.Config.User}}')" = "10001:0" ] || fail "the image does not run as 10001:0"
  of_image '{{range .Docker.Config.Entrypoint}}{{println .}}{{end}}' | sed '/^$/d' >"$work/entry"
  # The first word of the health check is CMD; the others are run below, one a line.
  of_image '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' | sed '1d;/^$/d' >"$work/health"
  [ -s "$work/health" ] || fail "the image has no health check"
  [ -s "$work/entry" ] || fail "the image has no entry point"
  of_image '{{range .Docker.Config.Env}}{{println .}}{{end}}' | sed '/^$/d;/SERVER__PORT=/d' >"$work/env"
  echo "GWS_OBSERVATORY__SERVER__PORT=$port" >>"$work/env"
}

# What a running image has no use for makes it larger and easier to abuse.
check_contents() {
  local found
  found=$(find "$1/opt" -type f -perm /6000)
  [ -z "$found" ] || fail "files that change the user: $found"
  for found in pip pip3 pytest; do
    [ ! -e "$1/opt/venv/bin/$found" ] || fail "$found is in the environment that runs"
  done
  [ ! -e "$1/opt/gws-observatory/tests" ] || fail "the tests are in the image"
  found=$(find "$1/opt" -type d -perm -o+w)
  [ -z "$found" ] || fail "anybody may write to $found"
}

# Runs its arguments inside the read-only root as `uid` and `gid`, in place of this shell.
confined() {
  local root=$1 env; shift
  mapfile -t env <"$work/env"
  exec chroot "$root" /usr/bin/setpriv --reuid "$uid" --regid "$gid" --clear-groups \
    --no-new-privs --inh-caps=-all --bounding-set=-all /usr/bin/env -i "${env[@]}" "$@"
}

# Starts the image's entry point with the arguments after the first, which is its files.
as_container() {
  local root=$work/root files=$1; shift
  mkdir -p "$root" "$files/etc/gws-observatory/config"
  cp "$work/config.yaml" "$files/etc/gws-observatory/config/"
  mount --bind "$files" "$root"
  mount -o remount,ro,bind "$root"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o uid=0,gid="$gid",mode=2770 tmpfs "$root/var/lib/gws-observatory"
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  touch "$root/opt/must-fail" 2>/dev/null && fail "the root is not read-only"
  mapfile -t entry <"$work/entry"
  confined "$root" "${entry[@]}" "$@"
}

# In the background, as PID 1 of a namespace of its own; `main` is its number outside.
start() {
  unshare --mount --pid --fork --kill-child bash -c 'as_container "$@"' start "$rootfs" "$@" >"$work/log" 2>&1 &
  supervisor=$!
  await /healthz; say "$1 answers /healthz as $uid:$gid with a read-only root"
  await /readyz; say "$1 answers /readyz"
  main=$(pgrep -P "$supervisor")
  grep -q "^Uid:[[:space:]]*$uid" "/proc/$main/status" || fail "PID 1 does not run as $uid"
  grep -q '^CapEff:[[:space:]]*0*$' "/proc/$main/status" || fail "PID 1 has capabilities"
}

check_files() {
  local file
  for file in records.db history.db; do
    [ "$(stat -c %u "/proc/$main/root/var/lib/gws-observatory/$file" 2>/dev/null)" = "$uid" ] \
      || fail "$file is not kept in the volume"
  done
}

await() {
  local path=$1 left=60
  until curl --silent --fail --noproxy '*' --output /dev/null "http://127.0.0.1:$port$path"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] && kill -0 "$supervisor" 2>/dev/null || fail "$path does not answer 200"
    sleep 0.5
  done
}

check_health() {
  local words
  mapfile -t words <"$work/health"
  (nsenter --target "$1" --mount bash -c "$(declare -f confined); work='$work' uid='$uid' gid='$gid'; confined '$work/root' \"\$@\"" \
    health "${words[@]}") || fail "the image's own health check fails on port $port"
}

check_end() {
  local started=$SECONDS status=0
  kill -TERM "$1"
  wait "$supervisor" || status=$?
  supervisor=""
  [ "$status" -eq 0 ] || fail "ended with $status on SIGTERM"
  [ $((SECONDS - started)) -le 5 ] || fail "took $((SECONDS - started)) s to end on SIGTERM"
}

cat >"$work/config.yaml" <<'YAML'
storage: {records: /var/lib/gws-observatory/records.db}
deployments: [{id: gws, consul: {url: "http://127.0.0.1:9"}}]
YAML
make_base; say "base ready"
build_image; check_configuration; say "image built"

rootfs=$("${store[@]}" mount "$("${store[@]}" from --pull-never localhost/gws-observatory:ci)")
check_contents "$rootfs"; say "nothing is in it that it does not need"
export work uid gid port
export -f as_container confined fail

# Any uid in group 0, as OpenShift picks them.
start demo --port "$port"
check_health "$main"; say "its health check passes"
check_end "$main"; say "ended cleanly on SIGTERM"

# As the chart runs it elsewhere, with a volume that belongs to its own group.
uid=10001 gid=10001
echo "GWS_OBSERVATORY__SERVER__HOST=127.0.0.1" >>"$work/env"
start serve --config /etc/gws-observatory/config/config.yaml
check_files; say "records and history are kept in the volume"
check_health "$main"; say "its health check passes"
check_end "$main"; say "ended cleanly on SIGTERM"
