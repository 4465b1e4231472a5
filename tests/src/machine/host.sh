#!/bin/bash
# What a machine is plugged into, in namespaces of its own: a network with the metadata service's address and a git host.
# Nothing else can be reached from there. All of it goes when standard input ends, as it does with the test.
set -Eeuo pipefail
cd "$1"

ip link set lo up
# Where the metadata service listens.
ip address add 169.254.169.254/32 dev lo
git daemon --export-all --reuseaddr --listen=127.0.0.1 --base-path="${PWD}" "${PWD}/git" &
for _ in {1..100}; do
  if git ls-remote git://127.0.0.1/git &>/dev/null; then
    break
  fi
  sleep 0.1
done
git ls-remote git://127.0.0.1/git >/dev/null

echo ready
read -r _ || true
