#!/bin/bash
# What a box hangs on, in namespaces of its own: a disk and a network. The disk is a Debian that nobody changes and above
# it, in memory, what the box writes. All of it outlives a boot, and goes when standard input ends, as it does with the test.
set -Eeuo pipefail
cd "$1"
debian=$2

mkdir disk root
mount -t tmpfs -o mode=0755 disk disk
mkdir disk/written disk/work disk/docker
cp -r --no-target-directory files disk/written
mount -t overlay -o "lowerdir=${debian},upperdir=disk/written,workdir=disk/work" overlay root
mkdir -p root/var/lib/docker root/srv/git
# Docker makes overlays of its own, which cannot lie on this one.
mount --bind disk/docker root/var/lib/docker
mount --bind -o ro git root/srv/git

# Where the metadata service listens. Nothing else can be reached from here.
ip link set lo up
ip address add 169.254.169.254/32 dev lo

echo ready
read -r _ || true
