# ---- Mailbox: tags of this instance, which the function writes ----

TOKEN=''

## Puts what the instance's metadata says at a path into ANSWER: 1 where there is no metadata, 2 where they say nothing.
read_metadata() {
  local try
## The token lasts for hours; a failure may mean that it has ended.
  for try in 1 2; do
    [[ "$try" == 1 && -n "$TOKEN" ]] || TOKEN=$(curl -sf -m 2 -X PUT "$METADATA/api/token" \
      -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600') || return 1
    ! ANSWER=$(curl -sf -m 2 "$METADATA/meta-data/$1" -H "X-aws-ec2-metadata-token: $TOKEN") ||
      return 0
  done
  return 2
}

read_tag() {
  read_metadata "tags/instance/pushbox:$1"
}

handled() {
  cat "$STATE/handled" 2>/dev/null || true
}

## Sets REF and, if a push has rung since the last fetch, EXPECTED to its commit. The tags are
## a doorbell, not the truth: they only choose among the refs of the settings.
choose_ref() {
  local encoded='^([A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})+$' hash='^[0-9a-f]{40}([0-9a-f]{24})?$'
  REF='' EXPECTED='' POKE=''
  if read_tag poke; then
    POKE=$ANSWER
  fi
  if read_tag ref && [[ "$ANSWER" =~ $encoded ]]; then
    printf -v REF '%b' "${ANSWER//%/\\x}"
  fi
  if ! ref_is_configured "$REF"; then
    default_ref
  elif [[ "$POKE" != "$(handled)" ]] && read_tag commit && [[ "$ANSWER" =~ $hash ]]; then
    EXPECTED=$ANSWER
  fi
}

#if no globs
ref_is_configured() {
  [[ " ${REFS[*]} " == *" $1 "* ]]
}

default_ref() {
  REF=${REFS[0]}
}
#end
#if globs
ref_is_configured() {
  [[ "$1" =~ $REFS ]] && git check-ref-format "$1"
}

default_ref() {
#if no only globs
  REF=$DEFAULT_REF
#end
#if only globs
## The newest version that matches.
  while read -r _ REF; do
    ! ref_is_configured "$REF" || return 0
  done < <(remote_git -c versionsort.suffix=- ls-remote --refs --sort=-v:refname "$REPO_URL")
  die "the repository has no ref like $REFS"
#end
}
#end

script_hash() {
  sha256sum "$SAVED" | cut -d ' ' -f 1
}
#if function

## With other settings the tag holds another hash. The script for it comes from the URL in the
## settings, never from a tag, and takes over.
update_script() {
  local STEP=update STARTED=${EPOCHREALTIME//[!0-9]/}
  local now next=$SAVED.next
  now=$(script_hash)
  if ! read_tag script || [[ ! "$ANSWER" =~ ^[0-9a-f]{64}$ || "$ANSWER" == "$now" ]]; then
    return
  fi
  if curl --proto =https --tlsv1.2 -sf -m 30 --retry 2 -o "$next" "$FUNCTION_URL/box/$ANSWER" &&
    sha256sum -c --status <<<"$ANSWER  $next"; then
    exec bash "$next"
  fi
  report failed "no script $ANSWER at $FUNCTION_URL: the settings stay as they are"
}
#end
