# ---- Install ----

# All of it, in the order in which one thing needs another. What is there already is brought up to date.
install() {
  find_installed
  if [[ -n "$INSTALLED" && "$INSTALLED" != "$REGION" ]]; then
    die "$APP is installed in $INSTALLED, and box.region is $REGION. A box cannot move: run this with --uninstall, which removes what is in $INSTALLED, and then again"
  fi
  say "Installing $APP in $REGION, account $ACCOUNT."
  read_variables
  find_zip
  make_secrets
  make_group
  make_address
  keep_secrets
  make_box_role
  make_function_role
  keep_logs_for_a_while
  find_url
  put_code
  make_url
  configure
  limit_concurrency
  make_budget
  deploy
  say ''
  tell_what_to_enter
}

# Calls the function with the admin key, which is on no command line.
call() {
  printf 'header = "Authorization: Bearer %s"\n' "$ADMIN_KEY" |
    curl -sS -K - -m 30 -o "$WORK/answer" -w '%{http_code}' "$@"
}

# So the app is up without a push. New roles and permissions may take a while.
deploy() {
  local code='' tries
  step 'The first deploy, or that of the new settings'
  for ((tries = 1; tries < 30; tries++)); do
    code=$(call -X POST "$URL/deploy" 2>"$WORK/error") || code="no answer, $(<"$WORK/error")"
    [[ "$code" != 20* ]] || return 0
    sleep 3
  done
  die "the function at $URL does not deploy: $code $(<"$WORK/answer"). Its log: aws logs tail /aws/lambda/$FUNCTION --region $REGION"
}

# What is left to do by hand: the webhook at the git host, and a domain.
tell_what_to_enter() {
  local secret='(as it is; --show-secrets shows it)' text
  if [[ -n "$NEW" ]]; then
    secret=${HOOK_SECRETS%%$'\n'*}
  fi
  text=${ENTER//«url»/$URL/hook}
  say "At $HOST, enter:"
  say "${text//«secret»/$secret}"
  if [[ -n "$NEW" ]]; then
    say ''
    say "The admin key opens $URL/deploy and the details of $URL/status. --show-secrets shows it again:"
    say "  $ADMIN_KEY"
  fi
  say ''
  if [[ -n "$DOMAIN" && -n "$IP" ]]; then
    say "At whoever has your domain, let $DOMAIN have the A record $IP."
  fi
  say "The first boot of a box takes some minutes. bash install.sh --status says how far it is."
}

# What --show-secrets says.
show_secrets() {
  find_what_is_there
  NEW=yes
  tell_what_to_enter
}

# What --status says: the function answers it.
status() {
  find_what_is_there
  local code
  code=$(call "$URL/status") || die "$URL does not answer"
  python3 -m json.tool <"$WORK/answer" 2>"$WORK/error" || cat "$WORK/answer"
  [[ "$code" == 200 ]] || die "$URL/status answers $code"
}

# For tasks that change nothing: they need what is installed.
find_what_is_there() {
  find_installed
  use_region "${INSTALLED:-$REGION}"
  read_variables
  [[ -n "$EXISTS" ]] || die "$APP is not installed in $REGION; bash install.sh installs it"
  find_url
  find_address
}
