#!/usr/bin/env bash
# Runs the README's two commands as a newcomer would: a fresh clone on a machine with Python, git and make, and nothing
# else. The machine is an empty Debian in FOLDER, made by debootstrap; it reaches the package indexes as this one does.
#
#   tools/empty_machine.sh FOLDER        (as root, on Debian)
set -euo pipefail
PROJECT=$(cd "$(dirname "$0")/.." && pwd)
ROOT=${1:?usage: tools/empty_machine.sh FOLDER}

if [ ! -x "$ROOT/usr/bin/make" ]; then
    mirror=$(sed -nE 's/^URIs: *(http[^ ]+).*/\1/p; s/^deb +(http[^ ]+\/debian) .*/\1/p' \
        /etc/apt/sources.list.d/* /etc/apt/sources.list 2>/dev/null | head -1 || true)
    debootstrap --variant=minbase --include=ca-certificates,git,make,python3-venv bookworm "$ROOT" ${mirror:+"$mirror"} >/dev/null
fi
cp -L /etc/ssl/certs/ca-certificates.crt "$ROOT/etc/ssl/certs/"
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$ROOT/etc/pip.conf"
for name in index-url trusted-host proxy; do
    value=$(python3 -m pip config get "global.$name" 2>/dev/null || true)
    [ -z "$value" ] || printf '%s = %s\n' "$name" "$value" >>"$ROOT/etc/pip.conf"
done
cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
cp /etc/hosts "$ROOT/etc/hosts"
mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc"
mountpoint -q "$ROOT/dev" || mount --bind /dev "$ROOT/dev"
trap 'umount "$ROOT/proc" "$ROOT/dev"' EXIT

rm -rf "$ROOT/home/project"
git clone --quiet "$PROJECT" "$ROOT/home/project"
for command in sync test; do
    echo "== make $command"
    begun=$SECONDS
    chroot "$ROOT" env -i HOME=/home PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        "HTTPS_PROXY=${HTTPS_PROXY:-}" make -C /home/project "$command"
    echo "== make $command took $((SECONDS - begun)) s"
done
