#!/bin/bash
#
# pushbox: builds an app from its git repository with docker, and keeps it running.
#
# Give this to an EC2 instance (Debian or Ubuntu) as user data, or run it there as root. It
# installs itself as the service `pushbox`, which deploys at every boot and when a push
# rings. Running it again is safe, also with other settings.
#
#   journalctl -fu pushbox                  what it does; the first deploy is in
#                                           /var/log/cloud-init-output.log
#   docker logs -f APP                      what the app says
#   bash /etc/pushbox/user-data.sh deploy   deploys now

set -Eeuo pipefail
