#!/bin/bash
#
# pushbox: builds an app from its git repository with docker, and keeps it running.
#
# Give this to an EC2 instance (Debian or Ubuntu) as user data, or run it there as root. It
# installs itself as the service `pushbox`, which deploys at every boot and when a push
# rings. Running it again is safe, also with other settings.
#
#   journalctl -fu pushbox                  what it does; the first deploy is in
#                                           /var/log/cloud-init-output.log
#   docker logs -f APP                      what the app says
#   bash /etc/pushbox/user-data.sh deploy   deploys now

set -Eeuo pipefail

# ---- Settings ----

readonly APP=my_app

# What is deployed: the head of one of these refs.
readonly REPO_URL=https://github.com/usil/foo.git
readonly REFS=(refs/heads/main)

# How it is built.
readonly CONTEXT=.
readonly BUILD_OPTIONS=(
  --file Dockerfile
)

# How it runs: port 80 of the box is this port of the app. Times are in seconds.
readonly PORT=3000
readonly HEALTH_PATH=/
readonly HEALTH_TIMEOUT=60
readonly DRAIN=15
readonly KEEP_IMAGES=3
readonly RUN_OPTIONS=()

# ---- The same for every app ----

readonly METADATA=http://169.254.169.254
readonly SAVED=/etc/pushbox/user-data.sh
readonly STATE=/var/lib/pushbox

# User data runs without a HOME, which git and docker ask for.
export HOME=/root LC_ALL=C.UTF-8
# Debian 12's docker has BuildKit, but does not use it unless told.
export DOCKER_BUILDKIT=1
# A repository that asks for a password is an error, not a question.
export GIT_TERMINAL_PROMPT=0
# The checkout goes into the image, where the app's user must be able to read it.
umask 022

COMMIT=''
STEP=start
STARTED=${EPOCHREALTIME//[!0-9]/}
REASON=''
COMMAND=''

# Says on the journal and on the console: started, done, failed or unchanged, and why.
report() {
  local line tenths=$(((${EPOCHREALTIME//[!0-9]/} - STARTED) / 100000))
  # In this locale only ASCII is printable: the JSON is valid whatever a build has said.
  local LC_ALL=C why=${2:-}
  why=${why:0:300}
  why=${why//[![:print:]]/?}
  why=${why//\\/\\\\}
  why=${why//\"/\\\"}
  printf -v line 'pushbox {"commit":"%s","step":"%s","state":"%s","seconds":%s,"detail":"%s"}' \
    "${COMMIT}" "${STEP}" "$1" "$((tenths / 10)).$((tenths % 10))" "${why}"
  printf '%s\n' "${line}"
  printf '%s\n' "${line}" 2>/dev/null >>/dev/console || true
}

step() {
  STEP=$1
  STARTED=${EPOCHREALTIME//[!0-9]/}
  report started
  "step_$1"
  report 'done'
}

# Runs a command; if it fails, its last line is the reason.
logged() {
  REASON=''
  if ! "$@" 2>&1 | tee "${STATE}/output"; then
    REASON=$(tail -n 1 "${STATE}/output")
    return 1
  fi
}

die() {
  REASON=$*
  exit 1
}

# Every failure ends here: the deploy stops, and what was serving goes on.
on_exit() {
  local code=$?
  trap - EXIT ERR
  if ((code == 0)); then
    return
  fi
  if [[ "${STEP}" == swap ]]; then
    start_last_good
  fi
  report failed "${REASON:-${COMMAND}}"
  # Packages and git hosts come back: 75 says that trying again is worth it.
  if [[ "${STEP}" == @(prepare|fetch) ]]; then
    exit 75
  fi
  exit "${code}"
}

# ---- Installing ----

install_and_deploy() {
  STEP=install
  check_system
  install_service
  # If this fails, the service tries again.
  bash "${SAVED}" deploy || true
  # The service may be what runs this, so there is no waiting for it.
  systemctl restart --no-block pushbox.service
}

# On an unknown system half of this would work, which is worse than nothing.
check_system() {
  local system
  # shellcheck source=/dev/null disable=SC2154
  system=$(. /etc/os-release && printf '%s %s' "${ID}" "${VERSION_ID:-}")
  case "${system}" in
    'debian 12') PACKAGES=(docker.io) ;;
    'debian 13') PACKAGES=(docker.io docker-cli docker-buildx) ;;
    'ubuntu 22.04' | 'ubuntu 24.04' | 'ubuntu 26.04') PACKAGES=(docker.io docker-buildx) ;;
    *) die "${system} is not supported: use Debian 12 or 13, Ubuntu 22.04, 24.04 or 26.04" ;;
  esac
  case "$(dpkg --print-architecture)" in
    amd64 | arm64) ;;
    *) die "this processor is not supported: use amd64 or arm64" ;;
  esac
}

# cloud-init runs user data only once, so every later boot is for a service.
install_service() {
  # Only root may read the app's environment. The former script may be running, so it is
  # replaced, not overwritten.
  install -d -m 0700 "${SAVED%/*}"
  install -m 0700 "${BASH_SOURCE[0]}" "${SAVED}.new"
  mv "${SAVED}.new" "${SAVED}"

  cat >/etc/systemd/system/pushbox.service <<END
[Unit]
Description=pushbox: builds the app and keeps it running
Wants=network-online.target docker.service
After=network-online.target docker.service

[Service]
ExecStart=/bin/bash ${SAVED} agent
Restart=always
RestartSec=5
SyslogIdentifier=pushbox

[Install]
WantedBy=multi-user.target
END
  systemctl daemon-reload
  systemctl enable pushbox.service
}

step_prepare() {
  check_system
  add_swap
  configure_docker
  logged apt_get update
  logged apt_get install "${PACKAGES[@]}" git curl ca-certificates
}

# Right after the first boot the system's own updates hold the lock.
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@"
}

# Building takes more memory than running: without swap the kernel kills the build.
add_swap() {
  local memory_kb
  memory_kb=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
  if ((memory_kb >= 2097152)) || [[ -e /swapfile ]]; then
    return
  fi
  if fallocate -l 2G /swapfile && chmod 0600 /swapfile && mkswap /swapfile && swapon /swapfile; then
    printf '/swapfile none swap sw 0 0\n' >>/etc/fstab
  fi
}

# Logs must not fill the disk, and an update of docker must not stop the app.
configure_docker() {
  if [[ -e /etc/docker/daemon.json ]]; then
    return
  fi
  mkdir -p /etc/docker
  printf '{"live-restore": true, "log-opts": {"max-size": "10m", "max-file": "3"}}\n' \
    >/etc/docker/daemon.json
}

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

script_hash() {
  sha256sum "${SAVED}" | cut -d ' ' -f 1
}

# ---- A deploy ----

deploy() {
  local started=${STARTED} outcome='done' serving
  STEP=deploy
  mkdir -p "${STATE}"
  exec 9>"${STATE}/lock"
  flock 9
  start_last_good
  if ! hash docker git curl 2>/dev/null; then
    step prepare
  fi
  step fetch

  VERSION="${COMMIT} $(script_hash)"
  serving=$(docker inspect --format '{{.State.Running}} {{.Config.Labels.pushbox}}' \
    "${APP}" 2>/dev/null) || true
  if [[ "${serving}" == "true ${VERSION}" ]]; then
    outcome=unchanged
  else
    step build
    step swap
    step prune
  fi
  STEP=deploy
  STARTED=${started}
  report "${outcome}"
}

# Checks out the head of REF. A host may ring before it serves the commit, so this waits for
# it up to a minute; then whatever is the head is deployed.
step_fetch() {
  local pause
  cd "${STATE}" || exit
  # Git leaves locks where it is cut off: only a whole checkout is used again.
  rm fetched 2>/dev/null || rm -rf repo
  git init -q repo
  cd repo || exit
  for pause in 2 4 8 16 30 0; do
    choose_ref
    if logged timeout 300 git fetch --depth 1 --no-tags "${REPO_URL}" "${REF}"; then
      # A push of an annotated tag names the tag, or the commit that it stands for.
      COMMIT=$(git rev-parse 'FETCH_HEAD^{commit}')
      case "${EXPECTED}" in
        '' | "${COMMIT}" | "$(git rev-parse FETCH_HEAD)") break ;;
        *) ;;
      esac
    fi
    sleep "${pause}"
  done
  [[ -n "${COMMIT}" ]] || exit 1
  printf '%s' "${POKE}" >"${STATE}/handled"

  git checkout -qf "${COMMIT}"
  git clean -qffdx
  : >../fetched
}

step_build() {
  logged docker build --label "pushbox.app=${APP}" --tag "${APP}:${COMMIT}" \
    "${BUILD_OPTIONS[@]}" "./${CONTEXT}"
}

# The container APP is always the last version that worked. A new one earns the name, and the
# right to be restarted, with its first answer.
step_swap() {
  docker stop -t "${DRAIN}" "${APP}" &>/dev/null || true
  logged docker run --detach --name "${APP}-next" --label "pushbox=${VERSION}" \
    --publish "80:${PORT}" "${RUN_OPTIONS[@]}" "${APP}:${COMMIT}"
  wait_for_answer
  docker update --restart unless-stopped "${APP}-next"
  docker rm --force "${APP}" &>/dev/null || true
  docker rename "${APP}-next" "${APP}"
}

wait_for_answer() {
  local state='' deadline=$((SECONDS + HEALTH_TIMEOUT))
  while ((SECONDS < deadline)); do
    state=$(docker inspect --format '{{.State.Status}}, code {{.State.ExitCode}}' "${APP}-next")
    if [[ "${state}" != running* ]]; then
      break
    fi
    # Any status will do: the app is there.
    if curl --silent --globoff --max-time 5 "http://127.0.0.1${HEALTH_PATH}" >/dev/null; then
      return
    fi
    sleep 1
  done
  logged docker logs --tail 20 "${APP}-next"
  die "no answer from port ${PORT} (${state}); the app's last words: $(tail -n 1 "${STATE}/output")"
}

# At boot, and where a deploy was cut off: what is not proven goes, what worked last runs.
start_last_good() {
  docker rm --force "${APP}-next" &>/dev/null || true
  docker start "${APP}" &>/dev/null || true
}

# The layer cache makes the next build fast, so some of it stays.
step_prune() {
  local tags tag
  tags=$(docker images --filter dangling=false --format '{{.Tag}}' "${APP}")
  for tag in $(tail -n "+$((KEEP_IMAGES + 1))" <<<"${tags}"); do
    # Docker refuses while a container runs from it, and is right.
    docker rmi "${APP}:${tag}" || true
  done
  docker image prune --force
  docker builder prune --force --keep-storage 3GB
}

# ---- The service: deploys, then waits for the bell ----

agent() {
  local rung='' pause=3
  STEP=agent
  trap 'exit 0' TERM
  if read_tag poke; then
    rung=${TAG}
  fi
  deploy_now

  while sleep "${pause}"; do
    if read_tag poke; then
      pause=3
    else
      pause=$((pause < 30 ? 2 * pause : 60))
      TAG=${rung}
    fi
    if [[ "${TAG}" != "${rung}" ]]; then
      rung=${TAG}
      # The other tags of this push may show a moment later.
      sleep 1
      deploy_now
    elif ((RETRY_AT > 0 && SECONDS >= RETRY_AT)); then
      deploy_now
    fi
  done
}

# In a process of its own: what ends a deploy must not end the service.
deploy_now() {
  local code=0
  bash "${SAVED}" deploy || code=$?
  RETRY_AT=0
  if ((code == 75)); then
    RETRY_AT=$((SECONDS + 300))
  fi
}

main() {
  trap on_exit EXIT
  trap 'COMMAND="line ${LINENO}: ${BASH_COMMAND}"' ERR
  case "${1:-install}" in
    install) install_and_deploy ;;
    deploy) deploy ;;
    agent) agent ;;
    *) die "$1 is none of install, deploy, agent" ;;
  esac
}

main "$@"
