#if secrets
# ---- Secrets: from Parameter Store, by this instance's role ----

declare -A SECRETS

## The role's keys go from the metadata to curl's standard input: never on a command line, never into a file.
step_secrets() {
  local request answer wrong path value
  read_metadata iam/security-credentials/ || die 'this instance has no role for Parameter Store'
  read_metadata "iam/security-credentials/${ANSWER%%$'\n'*}"
  for request in "${SECRET_REQUESTS[@]}"; do
    answer=$(jq -r '"user=\"\(.AccessKeyId):\(.SecretAccessKey)\"",
      "header=\"X-Amz-Security-Token: \(.Token)\""' <<<"$ANSWER" |
      curl -sS -K - -m 10 --retry 2 --aws-sigv4 aws:amz -H 'X-Amz-Target: AmazonSSM.GetParameters' \
        -H 'Content-Type: application/x-amz-json-1.1' -d "$request" "$PARAMETER_STORE")
    wrong=$(jq -r '(.InvalidParameters[]? | "no " + .), .Message // .message // empty' <<<"$answer")
    [[ -z "$wrong" ]] || die "Parameter Store says: $wrong"
    while IFS= read -r -d '' path && IFS= read -r -d '' value; do
      SECRETS[${path#"/pushbox/$APP/"}]=$value
    done < <(jq -j '.Parameters[] | .Name, .Value | ., "\u0000"' <<<"$answer")
  done
#if deploy key
  (umask 077 && printf '%s\n' "${SECRETS[deploy-key]}" >/run/pushbox-deploy-key)
#end
}
#end
