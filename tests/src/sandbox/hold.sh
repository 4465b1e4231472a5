#!/bin/bash
# Stands before a program of the box, under its name: stops where a test says so, and goes on when the test no longer does.
# shellcheck disable=SC2053

held=$(cat /run/hold 2>/dev/null)
name=${0##*/}
if [[ -n "${held}" && "${name} $*" == ${held} ]]; then
  touch /run/held
  while [[ "$(cat /run/hold 2>/dev/null)" == "${held}" ]]; do
    /usr/bin/sleep 0.1
  done
fi
exec "/usr/bin/${name}" "$@"
