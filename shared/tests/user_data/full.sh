#!/bin/bash
#
# pushbox: builds an app from its git repository with docker, and keeps it running.
# For Debian and Ubuntu, as user data of an EC2 instance or run there by root. It installs
# itself as a service, which deploys at every boot and when a push rings.
#
#   journalctl -fu pushbox                  what it does
#   docker ps; docker logs -f NAME          what the app says
#   bash /etc/pushbox/user-data.sh deploy   deploys now
# shellcheck disable=SC1003,SC1091,SC1112,SC2016,SC2154

set -Eeuo pipefail

# ---- Settings ----

APP=my_app

# What is deployed: the head of one of these refs.
REPO_URL=https://github.com/usil/foo.git
REFS='^(refs/tags/v[^/]*)$'
POLL_MINUTES=10

# How it is built.
CONTEXT=server
BUILD_OPTIONS=(
  --file deploy/Dockerfile
  --target production
  --build-arg 'A=b'
)

# How it runs. Times are in seconds.
PORT=8080
HEALTH_PATH='/health?full=1'
HEALTH_TIMEOUT=60
DRAIN=15
KEEP_IMAGES=3
RUN_OPTIONS=(
  --volume data:/var/lib/data
  --publish 53:53/udp
)
DOMAIN=app.example.org
IDLE_MINUTES=30

SECRET_REQUESTS=('{"Names":["/pushbox/my_app/env/DB_PASSWORD","/pushbox/my_app/repo-token","/pushbox/my_app/status-token","/pushbox/my_app/notify-url"],"WithDecryption":true}')
SECRET_ENV=(DB_PASSWORD)
PARAMETER_STORE=https://ssm.us-east-1.amazonaws.com/
REPO_HOST=https://github.com/
REPO_USER=x-access-token
STATUS_URL=https://api.github.com/repos/usil/foo/statuses/COMMIT
STATUS_HEADER='Authorization: Bearer '
STATUS_BODY='{state: {started: "pending", done: "success", failed: "failure"}[$state], context: "pushbox/my_app", description: $why}'

FUNCTION_URL=https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-southeast-1.on.aws

# ---- Base ----

METADATA=http://169.254.169.254/latest
SAVED=/etc/pushbox/user-data.sh
STATE=/var/lib/pushbox

export HOME=/root LC_ALL=C.UTF-8 DOCKER_BUILDKIT=1 GIT_TERMINAL_PROMPT=0
umask 022

COMMIT=''
STEP=start
STARTED=${EPOCHREALTIME//[!0-9]/}
REASON=''
COMMAND=''

report() {
  local line tenths=$(((${EPOCHREALTIME//[!0-9]/} - STARTED) / 100000))
  local LC_ALL=C why=${2:-}
  why=${why:0:2000}
  why=${why//[!$'\n'[:print:]]/?}
  why=${why//\\/\\\\}
  why=${why//\"/\\\"}
  why=${why//$'\n'/\\n}
  printf -v line 'pushbox {"commit":"%s","step":"%s","state":"%s","seconds":%s,"detail":"%s"}' \
    "$COMMIT" "$STEP" "$1" "$((tenths / 10)).$((tenths % 10))" "$why"
  printf '%s\n' "$line" | tee -a /dev/console 2>/dev/null || true
}

step() {
  STEP=$1
  STARTED=${EPOCHREALTIME//[!0-9]/}
  report started
  "step_$1"
  report 'done'
}

logged() {
  REASON=''
  if ! "$@" 2>&1 | tee /run/pushbox-log; then
    REASON=$(tail -n 1 /run/pushbox-log)
    return 1
  fi
}

die() {
  REASON=$*
  exit 1
}

try_later() {
  REASON=$*
  exit 75
}

on_exit() {
  local code=$?
  trap - EXIT ERR
  ((code > 0)) || return 0
  if [[ "$STEP" == swap ]]; then
    serve_last_good &
    wait
  fi
  report failed "${REASON:-$COMMAND}"
  tell failed "$STEP: ${REASON:-$COMMAND}"
  if [[ "$STEP" == @(deploy|prepare|secrets|fetch) ]]; then
    exit 75
  fi
  exit "$code"
}

# ---- Setup ----

setup() {
  STEP=setup
  check_system
  install_services
  systemctl restart --no-block pushbox
}

check_system() {
  local system
  system="$(. /etc/os-release && printf '%s %s' "$ID" "${VERSION_ID:-}") on $(dpkg --print-architecture)"
  case "$system" in
    'debian 12 on a'*) DOCKER=(docker.io) ;;
    'debian 13 on a'*) DOCKER=(docker.io docker-cli docker-buildx) ;;
    'ubuntu 2'[246]'.04 on a'*) DOCKER=(docker.io docker-buildx) ;;
    *) die "$system is not supported: use Debian 12 or 13, Ubuntu 22.04, 24.04 or 26.04" ;;
  esac
}

install_services() {
  install -d -m 0700 "${SAVED%/*}" "$STATE"
  mkdir -p /var/log/journal
  install -m 0700 "${BASH_SOURCE[0]}" "$SAVED.new"
  mv "$SAVED.new" "$SAVED"

  unit pushbox 'builds the app and keeps it running' <<END
Wants=network-online.target docker.service
After=network-online.target docker.service

[Service]
ExecStart=/bin/bash $SAVED agent
END
  unit pushbox-proxy 'passes visitors to the app' <<END
After=network.target
Before=docker.service

[Service]
ExecStart=/usr/sbin/haproxy -db -f $PROXY
ExecStopPost=/bin/bash $SAVED last_look
END
  unit pushbox-https 'HTTPS' <<END
After=network.target

[Service]
User=caddy
AmbientCapabilities=CAP_NET_BIND_SERVICE
ExecStart=/usr/bin/caddy reverse-proxy --from $DOMAIN --to $VISITORS
END
  systemctl try-restart pushbox-https
}

unit() {
  {
    printf '[Unit]\nDescription=pushbox: %s\n' "$2"
    cat
    printf 'Restart=always\nRestartSec=5\nOOMScoreAdjust=-900\n\n[Install]\nWantedBy=multi-user.target\n'
  } >"/etc/systemd/system/$1.service"
  systemctl daemon-reload
  systemctl enable "$1"
}

# ---- Packages ----

PROGRAMS=(git curl haproxy socat)
PROGRAMS+=(jq)
PROGRAMS+=(caddy)

is_prepared() {
  hash docker "${PROGRAMS[@]}" 2>/dev/null
}

step_prepare() {
  check_system
  add_swap
  configure_system
  systemctl mask haproxy caddy
  logged apt_get update
  logged apt_get install "${DOCKER[@]}" "${PROGRAMS[@]}" ca-certificates
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@"
}

add_swap() {
  local memory_kb
  read -r _ memory_kb _ </proc/meminfo
  if ((memory_kb < 2097152)) && [[ ! -e /swapfile ]]; then
    fallocate -l 2G /swapfile && chmod 0600 /swapfile && mkswap /swapfile && swapon /swapfile &&
      echo '/swapfile none swap sw 0 0' >>/etc/fstab
  fi
}

configure_system() {
  local docker=/etc/docker/daemon.json
  mkdir -p "${docker%/*}"
  if [[ ! -e "$docker" ]]; then
    echo '{"live-restore":true,"userland-proxy":false,"log-opts":{"max-size":"10m","max-file":"3"}}' >"$docker"
  fi
  printf 'Unattended-Upgrade::Automatic-Reboot%s";\n' ' "true' '-Time "03:00' \
    >/etc/apt/apt.conf.d/90pushbox
}

# ---- Proxy: HAProxy passes visitors to what serves ----

PROXY=/etc/pushbox/haproxy.cfg
SOCKET=/run/pushbox-proxy.sock
VISITORS=127.0.0.1:18079

find_ports() {
  LIVE=$(sed -n 's/^  server app 127.0.0.1://p' "$PROXY" 2>/dev/null) || true
  LIVE=${LIVE:-18080}
  NEXT=$((LIVE == 18080 ? 18081 : 18080))
}

write_proxy() {
  cat >"$PROXY.new" <<END
global
  user haproxy
  group haproxy
  stats socket $SOCKET mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout http-request 30s
  timeout client 5m
  timeout server 5m
  option http-server-close
  http-error status 503 content-type text/plain string "$APP is starting, or has stopped.\n"
frontend visitors
  bind $VISITORS
  stick-table type integer size 1 store http_req_cnt
  acl counts path /.pushbox/wake
  acl counts req.cook(pushbox) -m found
  acl counts req.hdr(host),field(1,:) -m str -i $DOMAIN
  http-request track-sc0 int(1) if counts
  http-request return status 302 hdr Location / hdr Set-Cookie "pushbox=1; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" if { path /.pushbox/wake }
  default_backend app
backend app
  server app 127.0.0.1:$1
END
}

start_proxy() {
  write_proxy "$LIVE"
  if ! cmp -s "$PROXY.new" "$PROXY"; then
    mv "$PROXY.new" "$PROXY"
    systemctl restart pushbox-proxy
  fi
  systemctl start pushbox-https
}

pass_visitors_to() {
  local said
  write_proxy "$1"
  mv "$PROXY.new" "$PROXY"
  said=$(socat - "UNIX:$SOCKET" \
    <<<"set server app/app addr 127.0.0.1 port $1; show servers state app" 2>&1) || true
  if [[ "$said" != *" $1 "* ]]; then
    systemctl restart pushbox-proxy
  fi
}

drain() {
  local deadline=$((SECONDS + DRAIN))
  while ((SECONDS < deadline)) &&
    [[ -n "$(ss -Htn state established "dst 127.0.0.1:$LIVE" || true)" ]]; do
    sleep 0.5
  done
}

# ---- Mailbox: tags of this instance, which the function writes ----

TOKEN=''

read_metadata() {
  local try
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

ref_is_configured() {
  [[ "$1" =~ $REFS ]] && git check-ref-format "$1"
}

default_ref() {
  while read -r _ REF; do
    ! ref_is_configured "$REF" || return 0
  done < <(remote_git -c versionsort.suffix=- ls-remote --refs --sort=-v:refname "$REPO_URL")
  die "the repository has no ref like $REFS"
}

script_hash() {
  sha256sum "$SAVED" | cut -d ' ' -f 1
}

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

# ---- Git host ----

remote_git() {
  local login=${SECRETS[repo-token]%$'\n'}
  [[ "$login" == *:* ]] || login=$REPO_USER:$login
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$REPO_HOST.extraHeader" \
    GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "$login" | base64 -w 0)" timeout 600 git "$@"
}

# ---- Secrets: from Parameter Store, by this instance's role ----

declare -A SECRETS

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
}

# ---- Deploy ----

deploy() {
  local started=$STARTED outcome='done' serving
  STEP=deploy
  exec 9>"$STATE/lock"
  flock 9
  if ! is_prepared; then
    step prepare
  fi
  serve_last_good
  step secrets
  step fetch

  VERSION="$COMMIT $(script_hash)"
  serving=$(docker inspect --format '{{.State.Running}} {{.Config.Labels.pushbox}}' \
    "$APP-$LIVE" 2>/dev/null) || true
  if [[ "$serving" == "true $VERSION" ]]; then
    outcome=unchanged
  else
    tell started 'building'
    step build
    step swap
    step prune
    tell 'done' "serves $COMMIT"
  fi
  STEP=deploy
  STARTED=$started
  report "$outcome"
}

serve_last_good() {
  find_ports
  shut_metadata
  docker start "$APP-$LIVE" &>/dev/null || true
  start_proxy
  pass_visitors_to "$LIVE"
  docker rm -f "$APP-$NEXT" &>/dev/null || true
}

shut_metadata() {
  local rule=(DOCKER-USER -j REJECT -d)
  iptables -w -C "${rule[@]}" 169.254.169.254 2>/dev/null ||
    iptables -w -I "${rule[@]}" 169.254.169.254
  ip6tables -w -C "${rule[@]}" fd00:ec2::254 2>/dev/null ||
    ip6tables -w -I "${rule[@]}" fd00:ec2::254 2>/dev/null || true
}

step_fetch() {
  local pause
  cd "$STATE" || exit
  rm fetched 2>/dev/null || rm -rf repo
  git init -q repo
  cd repo || exit
  for pause in 2 4 8 16 30 0; do
    choose_ref
    if logged remote_git fetch --depth 1 --no-tags "$REPO_URL" "$REF"; then
      COMMIT=$(git rev-parse 'FETCH_HEAD^{commit}')
      case "$EXPECTED" in
        '' | "$COMMIT" | "$(git rev-parse FETCH_HEAD)") break ;;
        *) ;;
      esac
    fi
    sleep "$pause"
  done
  [[ -n "$COMMIT" ]] || exit 1
  printf '%s' "$POKE" >"$STATE/handled"

  git checkout -qf "$COMMIT"
  git clean -qffdx
  git config remote.origin.url "$REPO_URL"
  git submodule -q sync --recursive
  logged remote_git submodule -q update --init --recursive --force --depth 1
  : >../fetched
}

step_build() {
  if logged docker build --label "pushbox.app=$APP" --tag "$APP:$COMMIT" \
    "${BUILD_OPTIONS[@]}" "./$CONTEXT"; then
    return
  fi
  case "$(cat /run/pushbox-log)" in
    *toomanyrequests* | *'rate limit'*)
      try_later "the registry limits pulls: $REASON" ;;
    *'no space left'*)
      rm -rf "$STATE/repo"
      docker system prune -af || true
      try_later "disk full; tried to make room: $REASON" ;;
    *) exit 1 ;;
  esac
}

step_swap() {
  docker stop -t "$DRAIN" "$APP-$LIVE" &>/dev/null || true
  until run_app --detach --name "$APP-$NEXT" --label "pushbox=$VERSION" \
    --publish "127.0.0.1:$NEXT:$PORT" "${RUN_OPTIONS[@]}" "$APP:$COMMIT"; do
    grep -q 'already allocated' /run/pushbox-log || exit 1
    docker rm -f "$APP-$NEXT" || true
    NEXT=$((NEXT + 2))
  done
  wait_for_answer
  docker update --restart unless-stopped "$APP-$NEXT"
  pass_visitors_to "$NEXT"
  drain
  docker stop "$APP-$LIVE" &>/dev/null && docker rm "$APP-$LIVE" || true
}

run_app() {
  local name
  logged bash -c 'while IFS= read -r -d "" __pushbox; do export "$__pushbox"; done; exec "$@"' \
    bash "$(type -P docker)" run "${SECRET_ENV[@]/#/--env=}" "$@" < <(
    for name in "${SECRET_ENV[@]}"; do
      printf '%s=%s\0' "$name" "${SECRETS[env/$name]}"
    done
  )
}

wait_for_answer() {
  local state='' deadline=$((SECONDS + HEALTH_TIMEOUT))
  while ((SECONDS < deadline)); do
    state=$(docker inspect --format '{{.State.Status}}, code {{.State.ExitCode}}' "$APP-$NEXT")
    [[ "$state" == running* ]] || break
    if curl -sg -m 5 "http://127.0.0.1:$NEXT$HEALTH_PATH" >/dev/null; then
      return
    fi
    sleep 1
  done
  logged docker logs --tail 20 "$APP-$NEXT"
  die "no answer from port $PORT ($state); the app's last words:
$(cat /run/pushbox-log)"
}

step_prune() {
  local tag
  for tag in $(docker images --filter dangling=false --format '{{.Tag}}' "$APP" |
    tail -n "+$((KEEP_IMAGES + 1))"); do
    docker rmi "$APP:$tag" || true
  done
  docker image prune -f
  docker builder prune -f --keep-storage 3GB || true
}

# ---- Telling others ----

tell() {
  [[ -z "$COMMIT" ]] ||
    jq -nc --arg state "$1" --arg why "${2:0:140}" "$STATUS_BODY" |
    post "${STATUS_URL/COMMIT/$COMMIT}" "$STATUS_HEADER${SECRETS[status-token]%$'\n'}" || true
  local url=${SECRETS[notify-url]:-} key=text
  [[ "$url" != *discord* ]] || key=content
  jq -nc --arg text "$APP ${COMMIT:0:8} $1: ${2:0:1000}" "{$key: \$text}" | post "${url%$'\n'}" || true
}

post() {
  curl -s -m 10 -o /dev/null -H 'Content-Type: application/json' -d @- \
    -K <(printf 'url="%s"\nheader="%s"\n' "$1" "${2:-}")
}

# ---- Sleep: powers off when nobody asks for anything ----

USED_AT=0 LOOK_AT=0 COUNTED='' IS_BLIND=''

read_clock() {
  read -r NOW _ </proc/uptime
  NOW=${NOW%.*}
}

note_use() {
  read_clock
  USED_AT=$NOW
}

say_when_it_serves() {
  local STEP=serve STARTED=${EPOCHREALTIME//[!0-9]/}
  until find_ports && curl -sg -m 5 -o /dev/null "http://127.0.0.1:$LIVE$HEALTH_PATH"; do
    sleep 1
  done
  report 'done' "since $EPOCHSECONDS"
}

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
  elif ((OPEN == 0 && NOW - USED_AT >= IDLE_MINUTES * 60)); then
    fall_asleep "$1"
  fi
}

fall_asleep() {
  local code=0
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

# ---- Service: deploys, then waits for the bell ----

agent() {
  local rung='' pause=2
  local heads='' now poll_at=0
  STEP=agent
  trap 'exit 0' TERM
  if read_tag poke; then
    rung=$ANSWER
  fi
  say_when_it_serves &
  deploy_now

  while sleep "$pause"; do
    if read_tag poke || (($? == 2)); then
      pause=2
    else
      pause=$((pause < 30 ? 2 * pause : 60))
      ANSWER=$rung
    fi
    if [[ "$ANSWER" != "$rung" ]]; then
      rung=$ANSWER
      sleep 1
      deploy_now
    elif ((RETRY_AT > 0 && SECONDS >= RETRY_AT)); then
      deploy_now
    elif ((SECONDS >= poll_at)); then
      poll_at=$((SECONDS + POLL_MINUTES * 60))
      if now=$(heads_of_host) && [[ "$now" != "$heads" ]]; then
        heads=$now
        deploy_now
      fi
    fi
    sleep_if_idle "$rung"
  done
}

deploy_now() {
  local code=0
  update_script
  bash "$SAVED" deploy || code=$?
  RETRY_AT=0
  if ((code == 75 || code > 128)); then
    RETRY_AT=$((SECONDS + (code == 75 ? 300 : 5)))
  fi
  note_use
}

heads_of_host() {
  step_secrets
  choose_ref
  remote_git ls-remote "$REPO_URL" "$REF"
}

last_look() {
  if [[ "$(systemctl list-jobs)" == *poweroff.target* ]] && read_tag poke &&
    [[ "$ANSWER" != "$(handled)" ]]; then
    STEP=shutdown
    report 'done' 'a push came while powering off: reboot'
    systemctl --force reboot
  fi
}

main() {
  local task=${1:-setup}
  trap on_exit EXIT
  trap 'COMMAND="line $LINENO: $BASH_COMMAND"' ERR
  case "$task" in
    setup | deploy | agent | last_look) "$task" ;;
    *) die "$task is none of setup, deploy, agent" ;;
  esac
}

main "$@"
