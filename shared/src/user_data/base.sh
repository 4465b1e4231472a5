# ---- The same for every app ----

readonly METADATA=http://169.254.169.254
readonly SAVED=/etc/pushbox/user-data.sh
readonly STATE=/var/lib/pushbox

# User data runs without a HOME, which git and docker ask for.
export HOME=/root LC_ALL=C.UTF-8
# Debian 12's docker has BuildKit, but does not use it unless told.
export DOCKER_BUILDKIT=1
# A repository that asks for a password is an error, not a question.
export GIT_TERMINAL_PROMPT=0
# The checkout goes into the image, where the app's user must be able to read it.
umask 022

COMMIT=''
STEP=start
STARTED=${EPOCHREALTIME//[!0-9]/}
REASON=''
COMMAND=''

# Says on the journal and on the console: started, done, failed or unchanged, and why.
report() {
  local line tenths=$(((${EPOCHREALTIME//[!0-9]/} - STARTED) / 100000))
  # In this locale only ASCII is printable: the JSON is valid whatever a build has said.
  local LC_ALL=C why=${2:-}
  why=${why:0:300}
  why=${why//[![:print:]]/?}
  why=${why//\\/\\\\}
  why=${why//\"/\\\"}
  printf -v line 'pushbox {"commit":"%s","step":"%s","state":"%s","seconds":%s,"detail":"%s"}' \
    "${COMMIT}" "${STEP}" "$1" "$((tenths / 10)).$((tenths % 10))" "${why}"
  printf '%s\n' "${line}"
  printf '%s\n' "${line}" 2>/dev/null >>/dev/console || true
}

step() {
  STEP=$1
  STARTED=${EPOCHREALTIME//[!0-9]/}
  report started
  "step_$1"
  report 'done'
}

# Runs a command; if it fails, its last line is the reason.
logged() {
  REASON=''
  if ! "$@" 2>&1 | tee "${STATE}/output"; then
    REASON=$(tail -n 1 "${STATE}/output")
    return 1
  fi
}

die() {
  REASON=$*
  exit 1
}

# Every failure ends here: the deploy stops, and what was serving goes on.
on_exit() {
  local code=$?
  trap - EXIT ERR
  if ((code == 0)); then
    return
  fi
  if [[ "${STEP}" == swap ]]; then
    start_last_good
  fi
  report failed "${REASON:-${COMMAND}}"
  # Packages and git hosts come back: 75 says that trying again is worth it.
  if [[ "${STEP}" == @(prepare|fetch) ]]; then
    exit 75
  fi
  exit "${code}"
}
