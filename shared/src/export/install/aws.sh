# ---- AWS ----

# No answer of AWS waits in a pager for somebody to press a key.
export AWS_PAGER=''
# By this tag whatever was made for the app is found again.
TAGS="Key=pushbox:app,Value=$APP"

# The answer of AWS, and nothing where it has none.
ask() {
  local answer
  answer=$(aws "$@" --output text)
  [[ "$answer" == None ]] || printf '%s' "$answer"
}

# The words of the answer, into LIST. Of several pages each is a line.
list() {
  local answer
  answer=$(ask "$@")
  read -ra LIST <<<"${answer//[$'\t\n']/ }"
}

# Puts the answer into ANSWER. Fails where AWS says one of the first words (a|b); any other error ends the script.
try() {
  local word=$1
  shift
  if ANSWER=$(aws "$@" --output text 2>"$WORK/error"); then
    [[ "$ANSWER" != None ]] || ANSWER=''
    return 0
  fi
  if grep -qE -e "$word" "$WORK/error"; then
    return 1
  fi
  cat "$WORK/error" >&2
  exit 1
}

# What was just made takes some seconds until every part of AWS knows it: goes on trying while AWS says the first words.
patiently() {
  local words=$1 tries
  shift
  for ((tries = 1; tries < 30; tries++)); do
    if try "$words" "$@"; then
      return 0
    fi
    sleep 3
  done
  cat "$WORK/error" >&2
  exit 1
}

# Before anything is made: what is not in AWS CloudShell may be missing elsewhere.
check_tools() {
  local tool
  ((BASH_VERSINFO[0] >= 5)) || die "this needs bash 5, and found $BASH_VERSION; AWS CloudShell has it"
  for tool in aws curl python3; do
    [[ -n "$(type -P "$tool")" ]] || die "$tool is missing; install it, or use AWS CloudShell, which has it"
  done
}

# All calls from here on go to this region.
use_region() {
  REGION=$1
  export AWS_REGION=$1 AWS_DEFAULT_REGION=$1
}

# Whose account this is, and that there is one.
check_login() {
  if ! ACCOUNT=$(aws sts get-caller-identity --query Account --output text 2>"$WORK/error"); then
    die "the aws command line is not logged in ($(tr '\n' ' ' <"$WORK/error")); log in with aws configure or aws login, or use AWS CloudShell"
  fi
}

# IAM knows no regions, so the role remembers where the rest is. Nothing where nothing is installed.
find_installed() {
  INSTALLED=''
  if try NoSuchEntity iam get-role --role-name "$FUNCTION" \
    --query "Role.Tags[?Key=='pushbox:region'].Value | [0]"; then
    INSTALLED=$ANSWER
  fi
}

# The boxes of this app that are not gone, into LIST.
list_boxes() {
  list ec2 describe-instances --query 'Reservations[].Instances[].InstanceId' --filters "Name=tag:pushbox:app,Values=$APP" \
    Name=instance-state-name,Values=pending,running,stopping,stopped,shutting-down
}
