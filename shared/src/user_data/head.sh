#!/bin/bash
#
# pushbox: builds one app from its git repository with docker, and keeps it running.
#
# Give it to an EC2 instance (Debian or Ubuntu) as user data, or run it as root. It installs
# itself as the systemd service `pushbox`, which deploys at every boot and whenever a push
# rings. Running it again is safe, also with other settings.
#
#   journalctl -fu pushbox                   what it does (the first deploy is in
#                                            /var/log/cloud-init-output.log)
#   docker logs -f APP                       what the app says
#   bash /etc/pushbox/user-data.sh deploy    deploy now

set -Eeuo pipefail
