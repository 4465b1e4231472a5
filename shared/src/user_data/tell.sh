#if tells
# ---- Telling others ----

## That somebody cannot be told is no reason to fail.
tell() {
#if commit status
  [[ -z "$COMMIT" ]] ||
    jq -nc --arg state "$1" --arg why "${2:0:140}" "$STATUS_BODY" |
    post "${STATUS_URL/COMMIT/$COMMIT}" "$STATUS_HEADER${SECRETS[status-token]%$'\n'}" || true
#end
#if chat
  local url=${SECRETS[notify-url]:-} key=text
  [[ "$url" != *discord* ]] || key=content
  jq -nc --arg text "$APP ${COMMIT:0:8} $1: ${2:0:1000}" "{$key: \$text}" | post "${url%$'\n'}" || true
#end
}

## Its input, to a URL, with a header. Both hold secrets, so they are not for a command line.
post() {
  curl -s -m 10 -o /dev/null -H 'Content-Type: application/json' -d @- \
    -K <(printf 'url="%s"\nheader="%s"\n' "$1" "${2:-}")
}
#end
