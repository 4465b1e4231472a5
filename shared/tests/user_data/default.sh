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
REFS=(refs/heads/main)

# How it is built.
CONTEXT=.
BUILD_OPTIONS=(
  --file Dockerfile
)

# How it runs. Times are in seconds.
PORT=3000
HEALTH_PATH=/
HEALTH_TIMEOUT=60
DRAIN=15
KEEP_IMAGES=3
RUN_OPTIONS=()

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
  systemctl disable --now pushbox-https 2>/dev/null || true
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
VISITORS=:80

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
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
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
  [[ " ${REFS[*]} " == *" $1 "* ]]
}

default_ref() {
  REF=${REFS[0]}
}

script_hash() {
  sha256sum "$SAVED" | cut -d ' ' -f 1
}

# ---- Git host ----

remote_git() {
  timeout 600 git "$@"
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
  step fetch

  VERSION="$COMMIT $(script_hash)"
  serving=$(docker inspect --format '{{.State.Running}} {{.Config.Labels.pushbox}}' \
    "$APP-$LIVE" 2>/dev/null) || true
  if [[ "$serving" == "true $VERSION" ]]; then
    outcome=unchanged
  else
    step build
    step swap
    step prune
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
  logged docker run "$@"
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

# ---- Service: deploys, then waits for the bell ----

agent() {
  local rung='' pause=2
  STEP=agent
  trap 'exit 0' TERM
  if read_tag poke; then
    rung=$ANSWER
  fi
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
    fi
  done
}

deploy_now() {
  local code=0
  bash "$SAVED" deploy || code=$?
  RETRY_AT=0
  if ((code == 75 || code > 128)); then
    RETRY_AT=$((SECONDS + (code == 75 ? 300 : 5)))
  fi
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
