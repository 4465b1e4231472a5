# ---- Words ----

# What --help says.
help() {
  cat <<END
bash install.sh [--from URL] [--rotate] [--secrets]

  Installs $APP in $REGION, or brings what is installed up to these settings, and deploys.
  The function's program is function.zip in this folder, or at URL. An update without either keeps the installed program.

  --from URL       fetches function.zip from there
  --rotate         makes a new webhook secret and a new admin key; the old webhook secret stays valid until the next --rotate
  --secrets        asks for all secrets in Parameter Store again

bash install.sh --status          what runs, and the last reports of the box
bash install.sh --show-secrets    what the git host must know, and the admin key
bash install.sh --uninstall       removes all of it, once you have confirmed; --with-secrets also what is in Parameter Store

Without a terminal to ask at, secrets come from the environment: PUSHBOX_ENV_<NAME> for a variable of the app,
PUSHBOX_REPO_TOKEN, PUSHBOX_DEPLOY_KEY (the key itself), PUSHBOX_STATUS_TOKEN, PUSHBOX_NOTIFY_URL, and
PUSHBOX_BUDGET_EMAIL, the address that AWS writes to when the budget is passed.
END
}

# The step that is being done, for the case that it fails.
DOING=''

# A line for whoever runs this.
say() {
  printf '%s\n' "$*"
}

# Says what comes next, and remembers it.
step() {
  DOING=$*
  say "- $*"
}

# Ends the script and says why.
die() {
  printf 'pushbox: %s\n' "$*" >&2
  exit 1
}

# However the script ends: no secret stays on this disk, and the step that failed is named.
finish() {
  local code=$?
  rm -rf "$WORK"
  if ((code > 0)) && [[ -n "$DOING" ]]; then
    say "Stopped at: $DOING. Nothing is lost: once that is solved, run the same command again." >&2
  fi
}

# Holds secrets for moments; nobody else may read it.
WORK=$(mktemp -d)
trap finish EXIT

# A secret that nobody can guess: 256 bits in hexadecimal.
random() {
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# One JSON string. The text is on no command line: printf is a part of bash.
json() {
  printf %s "$1" | python3 -c 'import json, sys; print(json.dumps(sys.stdin.buffer.read().decode()), end="")'
}
