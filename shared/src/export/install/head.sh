#!/usr/bin/env bash
# Installs pushbox for one app on AWS, updates it, and removes it. Made by pushbox from the config below.
#
# Run it in AWS CloudShell, or wherever the aws command line is logged in: bash install.sh --help
# It may be run again at any time. Only the settings differ from app to app.

# Nothing goes on after an error.
set -Eeuo pipefail
