# ---- Base ----

METADATA=http://169.254.169.254/latest
SAVED=/etc/pushbox/user-data.sh
STATE=/var/lib/pushbox

## User data runs without a HOME, which git and docker ask for. Debian 12's docker has BuildKit, but uses it only when told.
## A repository that asks for a password is an error, not a question.
export HOME=/root LC_ALL=C.UTF-8 DOCKER_BUILDKIT=1 GIT_TERMINAL_PROMPT=0
## The checkout goes into the image, where the app's user must be able to read it.
umask 022

COMMIT=''
STEP=start
STARTED=${EPOCHREALTIME//[!0-9]/}
REASON=''
COMMAND=''

## Says on the journal and on the console: started, done, failed or unchanged, and why.
report() {
  local line tenths=$(((${EPOCHREALTIME//[!0-9]/} - STARTED) / 100000))
## In this locale only ASCII is printable: the JSON is valid whatever a build has said.
  local LC_ALL=C why=${2:-}
  why=${why:0:2000}
  why=${why//[!$'\n'[:print:]]/?}
  why=${why//\\/\\\\}
  why=${why//\"/\\\"}
  why=${why//$'\n'/\\n}
  printf -v line 'pushbox {"commit":"%s","step":"%s","state":"%s","seconds":%s,"detail":"%s"}' \
    "$COMMIT" "$STEP" "$1" "$((tenths / 10)).$((tenths % 10))" "$why"
  printf '%s\n' "$line" | tee -a /dev/console 2>/dev/null || true
}

step() {
  STEP=$1
  STARTED=${EPOCHREALTIME//[!0-9]/}
  report started
  "step_$1"
  report 'done'
}

## If the command fails, its last line is the reason. It is kept in memory: the disk may be full.
logged() {
  REASON=''
  if ! "$@" 2>&1 | tee /run/pushbox-log; then
    REASON=$(tail -n 1 /run/pushbox-log)
    return 1
  fi
}

die() {
  REASON=$*
  exit 1
}

## The service knows that 75 is worth another try.
try_later() {
  REASON=$*
  exit 75
}

## Every failure ends here: the deploy stops, and what was serving goes on.
on_exit() {
  local code=$?
  trap - EXIT ERR
  ((code > 0)) || return 0
  if [[ "$STEP" == swap ]]; then
## Not `|| true`, with which bash would go on after a failure inside: on a full disk, to an empty file for the proxy.
    serve_last_good &
    wait
  fi
#if spot
  [[ ! -e /run/pushbox-interrupted ]] || REASON="given up, because EC2 stops this box: ${REASON:-$COMMAND}"
#end
  report failed "${REASON:-$COMMAND}"
#if tells
  tell failed "$STEP: ${REASON:-$COMMAND}"
#end
## Docker, packages, secrets and git hosts come back.
  if [[ "$STEP" == @(deploy|prepare|secrets|fetch) ]]; then
    exit 75
  fi
  exit "$code"
}
