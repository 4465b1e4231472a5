#if sleep
# ---- Sleep: powers off when nobody asks for anything ----

USED_AT=0 LOOK_AT=0 COUNTED='' IS_BLIND=''
#if schedule
IS_LOST=''
#end

## Sets NOW to the seconds since this machine was switched on: a clock that nobody can set.
read_clock() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}
}

note_use() {
  read_clock
  USED_AT=$NOW
}

## The wake page waits for these words on the console: nobody else can tell it that the app answers.
say_when_it_serves() {
  local STEP=serve STARTED=${EPOCHREALTIME//[!0-9]/}
  until find_ports && curl -sg -m 5 -o /dev/null "http://127.0.0.1:$LIVE$HEALTH_PATH"; do
    sleep 1
  done
  report 'done' "since $EPOCHSECONDS"
}

## Sets COUNT to what changes when a request that counts begins or ends, or the proxy starts anew, BUSY to such requests on
## their way, and OPEN to all connections, also those of others.
ask_proxy() {
  local said parts='Pid: ([0-9]+).*visitors,FRONTEND,,,([0-9]+),.*(# table: visitors.*)'
  said=$(timeout 5 socat - "UNIX:$SOCKET" \
    <<<'show info; show stat visitors 1 -1; show table visitors' 2>&1) || return 1
  [[ "$said" =~ $parts ]] || return 1
  COUNT=${BASH_REMATCH[1]} OPEN=${BASH_REMATCH[2]} said=${BASH_REMATCH[3]} BUSY=0
  if [[ "$said" =~ use=([0-9]+).*http_req_cnt=([0-9]+) ]]; then
    BUSY=${BASH_REMATCH[1]} COUNT+=" ${BASH_REMATCH[*]:1}"
  fi
}

#if schedule
## Where the zone is not known, date would take another without a word. So does nobody here: the box stays up, and says so.
is_awake_time() {
  local day hour minute
  if [[ ! -e "/usr/share/zoneinfo/$AWAKE_ZONE" ]]; then
    [[ -n "$IS_LOST" ]] || report failed "there is no time zone $AWAKE_ZONE here, so this box stays up"
    IS_LOST=1
    return
  fi
  read -r day hour minute < <(TZ=$AWAKE_ZONE date '+%u %-H %-M')
  [[ "$AWAKE_DAYS" == *"$day"* ]] &&
    ((hour * 60 + minute >= AWAKE_FROM && hour * 60 + minute < AWAKE_TO))
}

#end
## Given the last ring that was heard. Whatever is not known counts as use: rather awake than gone.
sleep_if_idle() {
  local STEP=sleep STARTED=${EPOCHREALTIME//[!0-9]/}
  read_clock
  if ((NOW < LOOK_AT)); then
    return
  fi
  LOOK_AT=$((NOW + 30))
  if ! ask_proxy; then
    USED_AT=$NOW
    [[ -n "$IS_BLIND" ]] || report failed 'the proxy does not say who comes, so this box stays up'
    IS_BLIND=1
    return
  fi
  IS_BLIND=''
  if [[ "$COUNT" != "$COUNTED" ]] || ((BUSY > 0)); then
    COUNTED=$COUNT USED_AT=$NOW
#if schedule
  elif is_awake_time; then
    return
#end
  elif ((OPEN == 0 && NOW - USED_AT >= IDLE_MINUTES * 60)); then
    fall_asleep "$1"
  fi
}

## A push that nobody has heard yet is seen here, or by the last service to end.
fall_asleep() {
  local code=0
## A deploy by hand holds it, too.
  exec 9>"$STATE/lock"
  if ! flock -n 9; then
    USED_AT=$NOW
    exec 9>&-
    return
  fi
  read_tag poke || code=$?
  if ((code == 1)) || [[ "$ANSWER" != "$1" ]]; then
    exec 9>&-
    return
  fi
  printf '%s' "$1" >"$STATE/handled"
  report 'done' "nobody came for $IDLE_MINUTES minutes"
  systemctl poweroff
  exit 0
}
#end
