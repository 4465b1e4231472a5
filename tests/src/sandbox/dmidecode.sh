#!/bin/sh
# By this an instance on Nitro knows that it is one ("Identify EC2 instances" of the EC2 user guide).
case "$2" in
  system-uuid | system-serial-number) echo ec2e1916-9099-7caf-fd21-012345abcdef ;;
  system-manufacturer | chassis-asset-tag) echo "Amazon EC2" ;;
  *) exit 1 ;;
esac
