#!/usr/bin/env bash
# Builds TopForm's images without an engine daemon, and tries them out. Needs buildah; podman and crun for `try`.
#
#   build-images.sh build [TARGET...]    make the image `topform`, or `topform-TARGET` of targets of the Dockerfile
#   build-images.sh try [IMAGE]          start it as it is meant to run, without a network; ask for its health; stop it
#
# Where no registry of images is reached, give BASE=debian: mmdebstrap makes the two images that the others are built on
# from Debian's packages, as root, once. MIRROR names a mirror of Debian.
#
#   NODE_IMAGE, PYTHON_IMAGE    images to build on, instead of those that the Dockerfile names
#   CERTIFICATES                a file of certificates to trust while building, behind a proxy that has its own
#   STORAGE_DRIVER=vfs          where the file system cannot be layered (read by buildah and podman)
set -euo pipefail

SCRIPT=$(realpath "$0")
PYTHON_BASE=localhost/topform-base-python
NODE_BASE=localhost/topform-base-node
BUNDLE=/etc/ssl/certs/ca-certificates.crt

# Makes the image $1 of Debian $2 with the packages $3, unless there is one.
base() {
  podman image exists "$1" && return
  echo "==> $1: Debian $2"
  local folder
  folder=$(mktemp --directory)
  mmdebstrap --variant=minbase --include="$3" "$2" "$folder/base.tar" ${MIRROR:+"$MIRROR"}
  podman import --quiet --change ENV=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --change ENV=LANG=C.UTF-8 "$folder/base.tar" "$1"
  rm --recursive "$folder"
}

build() {
  if [ "${BASE:-}" = debian ]; then
    # The Python of bookworm is the 3.11 of the image that the Dockerfile names; its Node is too old.
    base "$PYTHON_BASE" bookworm python3,python3-venv,python-is-python3,ca-certificates,netbase,tzdata &
    base "$NODE_BASE" trixie nodejs,npm,ca-certificates
    wait $!
    PYTHON_IMAGE=$PYTHON_BASE NODE_IMAGE=$NODE_BASE
  fi
  # Isolated by chroot, a build needs neither a runtime nor control groups; the Docker format keeps the health check.
  local target options=(--file deploy/Dockerfile --isolation chroot --network host --format docker --layers)
  [ -z "${PYTHON_IMAGE:-}" ] || options+=(--build-arg "PYTHON_IMAGE=$PYTHON_IMAGE")
  [ -z "${NODE_IMAGE:-}" ] || options+=(--build-arg "NODE_IMAGE=$NODE_IMAGE")
  [ -z "${CERTIFICATES:-}" ] || options+=(--volume "$CERTIFICATES:$BUNDLE:ro" --build-arg "PIP_CERT=$BUNDLE"
    --build-arg "NODE_EXTRA_CA_CERTS=$BUNDLE")
  for target in "${@:-}"; do
    echo "==> topform${target:+-$target}"
    buildah build "${options[@]}" ${target:+--target "$target"} --tag "topform${target:+-$target}" .
  done
}

try() {
  if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then # podman asks for control groups of the second version
    # shellcheck disable=SC2016
    exec unshare --mount sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$0" try "$1"' "$SCRIPT" "$1"
  fi
  container=topform-try-$$
  trap 'podman rm --force --volumes --time 5 "$container" >/dev/null 2>&1 || true' EXIT
  podman run --detach --name "$container" --read-only --tmpfs /tmp --network none --cap-drop all \
    --security-opt no-new-privileges --shm-size 256m --runtime crun --cgroups disabled \
    --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 --log-driver k8s-file --health-interval disable "$1" >/dev/null
  until podman healthcheck run "$container" >/dev/null; do
    if [ "$(podman inspect --format '{{.State.Running}}' "$container")" != true ] || ((SECONDS > 240)); then
      podman logs --tail 50 "$container" >&2
      echo "$1 did not become healthy" >&2
      exit 1
    fi
    sleep 2
  done
  echo "healthy after $SECONDS s"
  podman exec "$container" python -c '
import os, socket
assert (os.getuid(), os.getgid()) == (10001, 10001)
assert os.statvfs("/").f_flag & os.ST_RDONLY
assert [name for _, name in socket.if_nameindex()] == ["lo"]'
  echo "user 10001, read-only, no network"
  podman stop --time 60 "$container" >/dev/null
  [ "$(podman inspect --format '{{.State.ExitCode}}' "$container")" = 0 ]
  echo "stopped by itself when told to"
}

cd "$(dirname "$SCRIPT")/.."
case "${1:-}" in
  build) build "${@:2}" ;;
  try) try "${2:-topform}" ;;
  *)
    sed -n '2,12p' "$SCRIPT" >&2
    exit 2
    ;;
esac
