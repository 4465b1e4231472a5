#!/bin/bash
# What pushbox is measured against: the script that gave the idea, with only what it needs to run at all. At every push all
# containers and images go, the repository is cloned, and everything is built again.
set -Eeuo pipefail
export HOME=/root DOCKER_BUILDKIT=1
docker ps --all --quiet | xargs --no-run-if-empty docker rm --force
# The base image stays: here nobody could pull it again, and that would take longer still.
docker images --format '{{.Repository}}:{{.Tag}}' | sed '/^base:/d' | xargs --no-run-if-empty docker rmi --force
docker builder prune --all --force
rm -rf /srv/foo
git clone --quiet https://git.test/usil/foo.git /srv/foo
cd /srv/foo
docker build --tag my_app .
docker run --detach --name my_app --publish 80:3000 my_app
