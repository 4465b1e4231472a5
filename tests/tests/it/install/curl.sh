#!/bin/bash
# Stands for curl in the tests of the installer: the function that answers, and the host that has the installed program.
# The installer runs in the folder where it leaves what it was asked.
set -euo pipefail

printf 'curl %s\n' "$*" >>arguments
words="$*"
url=${!#}
target=
while (($#)); do
  if [[ "$1" == -o ]]; then
    target=$2
  fi
  shift
done
given=$(cat)

if [[ "$given" == 'url = '* ]]; then
  cp installed.zip "$target"
elif [[ "$url" == */deploy ]]; then
  key=${given#*Bearer }
  printf '%s %s\n' "${key%\"}" "$url" >>deploys
  printf '{"result":"accepted"}' >"$target"
  printf 202
elif [[ "$url" == */status ]]; then
  printf '{"up":true}' >"$target"
  printf 200
else
  printf 'curl of the tests: no answer to %s\n' "$words" >&2
  exit 1
fi
