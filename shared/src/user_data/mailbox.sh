# ---- The mailbox: tags of this instance, written by the function at a push ----

TOKEN=''
TOKEN_EXPIRES=0

# Puts the tag pushbox:NAME into TAG; fails where there is none.
read_tag() {
  local ask=(curl --silent --fail --max-time 2 --retry 1)
  if ((SECONDS >= TOKEN_EXPIRES)); then
    TOKEN=$("${ask[@]}" --request PUT "${METADATA}/latest/api/token" \
      --header 'X-aws-ec2-metadata-token-ttl-seconds: 21600') || return 1
    TOKEN_EXPIRES=$((SECONDS + 21000))
  fi
  if ! TAG=$("${ask[@]}" "${METADATA}/latest/meta-data/tags/instance/pushbox:$1" \
    --header "X-aws-ec2-metadata-token: ${TOKEN}"); then
    TOKEN_EXPIRES=0
    return 1
  fi
}

# Sets REF and, if a push has rung since the last fetch, EXPECTED to its commit. The tags are
# a doorbell, not the truth: they only choose among the refs of the settings.
choose_ref() {
  local encoded='^([A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})+$' hash='^[0-9a-f]{40}([0-9a-f]{24})?$'
  local handled
  handled=$(cat "${STATE}/handled" 2>/dev/null) || true
  REF='' EXPECTED='' POKE=''
  if read_tag poke; then
    POKE=${TAG}
  fi
  if read_tag ref && [[ "${TAG}" =~ ${encoded} ]]; then
    printf -v REF '%b' "${TAG//%/\\x}"
  fi
  if ! ref_is_configured "${REF}"; then
    default_ref
  elif [[ "${POKE}" != "${handled}" ]] && read_tag commit && [[ "${TAG}" =~ ${hash} ]]; then
    EXPECTED=${TAG}
  fi
}

#if exact refs
ref_is_configured() {
  local ref
  for ref in "${REFS[@]}"; do
    if [[ "$1" == "${ref}" ]]; then
      return 0
    fi
  done
  return 1
}

default_ref() {
  REF=${REFS[0]}
}
#end
#if globs
ref_is_configured() {
  local pattern regex
  if ! git check-ref-format "$1"; then
    return 1
  fi
  for pattern in "${REFS[@]}"; do
    regex=$(ref_regex "${pattern}")
    if [[ "$1" =~ ^${regex}$ ]]; then
      return 0
    fi
  done
  return 1
}

# * and ? stay within one part of a name, ** crosses slashes, **/ is also nothing; all else
# stands for itself. \a and \f, which no ref has, hold places.
ref_regex() {
  sed -E -e 's#[^A-Za-z0-9_/*?-]#\\&#g' \
    -e ':again' -e 's#(^|/|\a)\*\*/#\1\a#' -e 't again' -e 's#\*\*#\f#g' \
    -e 's#\*#[^/]*#g' -e 's#\?#[^/]#g' -e 's#\a#(.*/)?#g' -e 's#\f#.*#g' <<<"$1"
}

# The first ref that is written out, else the newest version that matches.
default_ref() {
  local names
  for REF in "${REFS[@]}"; do
    if [[ "${REF}" != *[*?]* ]]; then
      return
    fi
  done
  names=$(timeout 60 git -c versionsort.suffix=- ls-remote --refs --sort=-v:refname "${REPO_URL}")
  while read -r _ REF; do
    if ref_is_configured "${REF}"; then
      return
    fi
  done <<<"${names}"
  die "the repository has no ref that matches ${REFS[*]}"
}
#end

script_hash() {
  sha256sum "${SAVED}" | cut -d ' ' -f 1
}
#if function

# With other settings the tag holds another hash. The script for it comes from the URL in the
# settings, never from a tag, and takes over.
update_script() {
  local now next=${SAVED}.next
  now=$(script_hash)
  if ! read_tag script || [[ ! "${TAG}" =~ ^[0-9a-f]{64}$ || "${TAG}" == "${now}" ]]; then
    return
  fi
  if curl --proto =https --tlsv1.2 --silent --fail --max-time 30 --retry 2 \
    --output "${next}" "${FUNCTION_URL}/box/${TAG}" &&
    sha256sum --check --status <<<"${TAG}  ${next}"; then
    exec bash "${next}"
  fi
  report failed "no script ${TAG} at ${FUNCTION_URL}: the settings stay as they were"
}
#end
