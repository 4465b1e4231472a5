# ---- Secrets ----

# What the box must know and no config may hold, into Parameter Store; what is there stays.
keep_secrets() {
  local name there
  for name in "${SECRETS[@]}"; do
    there=$(ask ssm get-parameters --names "/pushbox/$APP/$name" --query 'length(Parameters)')
    if ((there == 0)) || [[ -n "$AGAIN" ]]; then
      DOING="Secret /pushbox/$APP/$name"
      find_value "$name" "$there"
      if [[ -n "$VALUE" ]]; then
        step "$DOING"
        put_secret "$name"
      fi
    fi
  done
  VALUE=''
}

# From the environment, or from the person; empty where the old value stays.
find_value() {
  local name=$1 there=$2 variable answer hint='Enter makes one up'
  variable=${name//-/_}
  variable=PUSHBOX_${variable^^}
  if [[ "$name" == env/* ]]; then
    variable=PUSHBOX_ENV_${name#env/}
  fi
  VALUE=${!variable:-}
  [[ -z "$VALUE" ]] || return 0
  if ((there)); then
    hint='Enter keeps it'
    [[ -t 0 ]] || return 0
  fi
  [[ -t 0 ]] ||
    die "Parameter Store has no /pushbox/$APP/$name yet, and there is no terminal to ask for it; set $variable"
  if [[ "$name" == deploy-key ]]; then
    read -rp 'File of the private deploy key: ' answer
    [[ -n "$answer" ]] || ((there)) || die 'the box needs the deploy key to read the repository'
    [[ -z "$answer" ]] || VALUE=$(<"${answer/#\~/$HOME}")
    return 0
  fi
  if ((there == 0)) && [[ "$name" != env/* ]]; then
    hint='as your git host or chat gave it to you'
  fi
  read -rsp "Value of $name ($hint; it is not shown): " VALUE
  say ''
  [[ -z "$VALUE" ]] && ((there == 0)) || return 0
  [[ "$name" == env/* ]] || die "$name is needed; run this again once you have it"
  VALUE=$(random)
}

# Encrypts it. The value is on no command line, where others could see it.
put_secret() {
  {
    printf '{"Name": "/pushbox/%s/%s", "Type": "SecureString", "Overwrite": true, "Value": ' "$APP" "$1"
    json "$VALUE"
    printf '}'
  } >"$WORK/parameter.json"
  aws ssm put-parameter --cli-input-json "file://$WORK/parameter.json" >"$WORK/answer"
  rm "$WORK/parameter.json"
}

# The function's variables, as they are or as they will be.
variable() {
  python3 -c 'import json, sys; print((json.load(sys.stdin) or {}).get(sys.argv[1], ""), end="")' "$1" \
    <"$WORK/variables.json"
}

# The value comes over a pipe, because it may be a secret.
set_variable() {
  printf %s "$2" | python3 -c '
import json, sys
with open(sys.argv[1]) as file:
    variables = json.load(file) or {}
variables[sys.argv[2]] = sys.stdin.read()
with open(sys.argv[1], "w") as file:
    json.dump(variables, file)' "$WORK/variables.json" "$1"
}

# What the installed function knows, so that its secrets stay the same; also whether there is one.
read_variables() {
  printf null >"$WORK/variables.json"
  if aws lambda get-function-configuration --function-name "$FUNCTION" --query Environment.Variables --output json \
    >"$WORK/found.json" 2>"$WORK/error"; then
    EXISTS=yes
    mv "$WORK/found.json" "$WORK/variables.json"
  elif ! grep -q ResourceNotFoundException "$WORK/error"; then
    cat "$WORK/error" >&2
    exit 1
  fi
  HOOK_SECRETS=$(variable PUSHBOX_WEBHOOK_SECRETS)
  ADMIN_KEY=$(variable PUSHBOX_ADMIN_KEY)
}

# The webhook's secret and the admin key are made here, and kept by the function alone.
make_secrets() {
  local old=${HOOK_SECRETS%%$'\n'*}
  if [[ -z "$old" ]]; then
    HOOK_SECRETS=$(random)
    NEW=yes
  elif [[ -n "$ROTATE" ]]; then
    step 'A new webhook secret and admin key; the old webhook secret stays valid until the next --rotate'
    HOOK_SECRETS=$(random)$'\n'$old
    NEW=yes
  fi
  if [[ -z "$ADMIN_KEY" || -n "$ROTATE" ]]; then
    ADMIN_KEY=$(random)
    NEW=yes
  fi
}
