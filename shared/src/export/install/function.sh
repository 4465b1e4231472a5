# ---- Function ----

# The function's program: what was asked for, what lies here, or what is installed already.
find_zip() {
  local place zip=function.zip
  if [[ -n "$FROM" ]]; then
    step "Program of the function: from $FROM"
    zip=$WORK/fetched.zip
    curl -fsSL -o "$zip" "$FROM" || die "nothing could be fetched from $FROM"
  elif [[ -f "$zip" ]]; then
    step 'Program of the function: function.zip of this folder'
  elif [[ -n "$EXISTS" ]]; then
    step 'Program of the function: the one that is installed'
    zip=$WORK/fetched.zip
    place=$(ask lambda get-function --function-name "$FUNCTION" --query Code.Location)
    printf 'url = "%s"\n' "$place" |
      curl -fsSL -K - -o "$zip" || die 'the installed program could not be fetched; put function.zip into this folder'
  else
    die 'function.zip is not in this folder; put it here, or say --from URL'
  fi
  printf %s "$CONFIG" >"$WORK/pushbox.json"
  put_config_into "$zip"
}

# Makes function.zip of the same program and this config. It has no dates, so the same is the same.
put_config_into() {
  python3 - "$1" "$WORK/function.zip" "$WORK/pushbox.json" "$ARCH" <<'END'
import sys, zipfile

source, target, config, arch = sys.argv[1:]
try:
    with zipfile.ZipFile(source) as old:
        files = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
except (OSError, zipfile.BadZipFile) as error:
    sys.exit(f"pushbox: {source}: expected the zip of the function, found: {error}")
program = files.get("bootstrap", b"")
found = {0x3E: "x86_64", 0xB7: "arm64"}.get(int.from_bytes(program[18:20], "little")) if program[:4] == b"\x7fELF" else None
if found is None:
    sys.exit(f"pushbox: {source}: expected a program called bootstrap in it; take the zip that pushbox makes or releases")
if found != arch:
    sys.exit(f"pushbox: {source}: its program is for {found}, and function.arch is {arch}; take the other zip, or change function.arch")
with open(config, "rb") as file:
    files["pushbox.json"] = file.read()
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
    for name, content in sorted(files.items()):
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = (0o100755 if name == "bootstrap" else 0o100644) << 16
        new.writestr(entry, content)
END
}

# Without this, CloudWatch would keep them for ever, and you would pay for that.
keep_logs_for_a_while() {
  step "Log /aws/lambda/$FUNCTION: kept for $LOG_DAYS days"
  try ResourceAlreadyExistsException logs create-log-group --log-group-name "/aws/lambda/$FUNCTION" \
    --tags "pushbox:app=$APP" || true
  aws logs put-retention-policy --log-group-name "/aws/lambda/$FUNCTION" --retention-in-days "$LOG_DAYS"
}

# The new program, or all of a new function.
put_code() {
  local role
  if [[ -n "$EXISTS" ]]; then
    step "Function $FUNCTION: new code"
    aws lambda update-function-code --function-name "$FUNCTION" --architectures "$ARCH" \
      --zip-file "fileb://$WORK/function.zip" --query CodeSha256 >"$WORK/answer"
    aws lambda wait function-updated-v2 --function-name "$FUNCTION"
    return
  fi
  step "Function $FUNCTION: a new one; its role takes some seconds to be known"
  write_environment
  role=$(ask iam get-role --role-name "$FUNCTION" --query Role.Arn)
  patiently 'cannot be assumed|KMS' lambda create-function --function-name "$FUNCTION" --runtime provided.al2023 \
    --handler bootstrap --architectures "$ARCH" --memory-size "$MEMORY" --timeout 300 --tags "pushbox:app=$APP" \
    --role "$role" --zip-file "fileb://$WORK/function.zip" \
    --environment "file://$WORK/environment.json" --query CodeSha256
  aws lambda wait function-active-v2 --function-name "$FUNCTION"
}

# What the function must know and no config may hold.
write_environment() {
  set_variable PUSHBOX_WEBHOOK_SECRETS "$HOOK_SECRETS"
  set_variable PUSHBOX_ADMIN_KEY "$ADMIN_KEY"
  set_variable PUSHBOX_SECURITY_GROUPS "$GROUP"
  set_variable PUSHBOX_INSTANCE_PROFILE "$PROFILE"
  set_variable PUSHBOX_FUNCTION_URL "$URL"
  printf '{"Variables": %s}' "$(<"$WORK/variables.json")" >"$WORK/environment.json"
}

# The URL that the function has already, into URL.
find_url() {
  URL=''
  if try ResourceNotFoundException lambda get-function-url-config --function-name "$FUNCTION" --query FunctionUrl; then
    URL=${ANSWER%/}
  fi
}

# Everybody may call the URL, and nobody the function by another way. URLs need both permissions since October 2025.
make_url() {
  find_url
  if [[ -z "$URL" ]]; then
    URL=$(ask lambda create-function-url-config --function-name "$FUNCTION" --auth-type NONE --query FunctionUrl)
    URL=${URL%/}
  fi
  step "URL $URL"
  try ResourceConflictException lambda add-permission --function-name "$FUNCTION" --statement-id url --principal '*' \
    --action lambda:InvokeFunctionUrl --function-url-auth-type NONE || true
  if try 'Conflict|Unknown options' lambda add-permission --function-name "$FUNCTION" --statement-id invoke \
    --principal '*' --action lambda:InvokeFunction --invoked-via-function-url; then
    return
  fi
  if grep -q 'Unknown options' "$WORK/error"; then
    die 'this aws command line is too old to know --invoked-via-function-url, without which AWS answers 403; update it, or use AWS CloudShell'
  fi
}

# A function cannot be told its own URL before it has one, so its settings come last.
configure() {
  step "Settings of the function: $MEMORY MB, and what it must know"
  write_environment
  aws lambda update-function-configuration --function-name "$FUNCTION" --memory-size "$MEMORY" --timeout 300 \
    --environment "file://$WORK/environment.json" --query Version >"$WORK/answer"
  aws lambda wait function-updated-v2 --function-name "$FUNCTION"
}

# However many deliveries come, no more invocations than this run and cost at once.
limit_concurrency() {
  if [[ -z "$CONCURRENCY" ]]; then
    aws lambda delete-function-concurrency --function-name "$FUNCTION"
  elif try 'below its minimum' lambda put-function-concurrency --function-name "$FUNCTION" \
    --reserved-concurrent-executions "$CONCURRENCY"; then
    step "At most $CONCURRENCY invocations at once"
  else
    step "No concurrency is reserved: this account has too little; ask AWS for more, or clear function.reserved_concurrency"
  fi
}
