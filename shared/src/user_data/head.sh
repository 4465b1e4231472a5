#!/bin/bash
#
# pushbox: builds an app from its git repository with docker, and keeps it running.
# For Debian and Ubuntu, as user data of an EC2 instance or run there by root. It installs
# itself as a service, which deploys at every boot and when a push rings.
#
#   journalctl -fu pushbox                  what it does
#   docker ps; docker logs -f NAME          what the app says
#   bash /etc/pushbox/user-data.sh deploy   deploys now
# shellcheck disable=SC1003,SC1091,SC1112,SC2016,SC2154

set -Eeuo pipefail
