# ---- What is the same for every app -------------------------------------------------------

readonly METADATA=http://169.254.169.254
readonly SAVED=/etc/pushbox/user-data.sh
readonly STATE=/var/lib/pushbox
readonly CHECKOUT=${STATE}/repo
readonly OUTPUT=${STATE}/output

# User data runs without a HOME, which git and docker ask for.
export HOME=/root LC_ALL=C.UTF-8
# Debian 12's docker has BuildKit, but does not use it unless told.
export DOCKER_BUILDKIT=1
# A repository that wants a password is an error, not a question.
export GIT_TERMINAL_PROMPT=0
# The files of the repository go into the image, where the app's user must be able to read them.
umask 022

COMMIT=''
STEP=start
STARTED=${EPOCHREALTIME//[!0-9]/}
REASON=''
FAILED_AT=''

# One line for the journal, and the same on the console, where GetConsoleOutput finds it.
# States: started, done, failed, unchanged.
report() {
  local state=$1 detail=${2:0:300} tenths line
  # In this locale only ASCII is printable: the JSON is valid whatever a build has printed.
  local LC_ALL=C
  detail=${detail//[![:print:]]/?}
  detail=${detail//\\/\\\\}
  detail=${detail//\"/\\\"}
  tenths=$(((${EPOCHREALTIME//[!0-9]/} - STARTED) / 100000))
  printf -v line '{"commit":"%s","step":"%s","state":"%s","seconds":%d.%d,"detail":"%s"}' \
    "${COMMIT}" "${STEP}" "${state}" $((tenths / 10)) $((tenths % 10)) "${detail}"
  printf 'pushbox %s\n' "${line}"
  printf 'pushbox %s\n' "${line}" 2>/dev/null >/dev/console || true
}

step() {
  STEP=$1
  STARTED=${EPOCHREALTIME//[!0-9]/}
  report started ''
  "step_${STEP}"
  report done ''
}

# Runs a command. If it fails, the last line that it printed is the reason.
logged() {
  local code=0
  REASON=''
  "$@" 2>&1 | tee "${OUTPUT}" || code=$?
  if ((code != 0)); then
    REASON=$(grep . "${OUTPUT}" | tail -n 1) || true
  fi
  return "${code}"
}

die() {
  REASON=$*
  exit 1
}

# Every failure ends here: the step stops, what was serving goes on.
on_exit() {
  local code=$?
  trap - EXIT ERR
  if ((code == 0)); then
    return
  fi
  if [[ "${STEP}" == swap ]]; then
    start_last_good
  fi
  report failed "${REASON:-${FAILED_AT}}"
  # What fails here may well work in some minutes, so the agent tries again.
  if [[ "${STEP}" == prepare || "${STEP}" == fetch ]]; then
    exit 75
  fi
  exit "${code}"
}
