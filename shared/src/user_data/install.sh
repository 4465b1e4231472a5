# ---- Installing ---------------------------------------------------------------------------

# Sets PACKAGES. On an unknown system half of this would work, which is worse than nothing.
check_system() {
  local system architecture
  # shellcheck source=/dev/null
  system=$(. /etc/os-release && printf '%s %s' "${ID}" "${VERSION_ID:-}")
  case "${system}" in
    'debian 12') PACKAGES=(docker.io) ;;
    'debian 13') PACKAGES=(docker.io docker-cli docker-buildx) ;;
    'ubuntu 22.04' | 'ubuntu 24.04' | 'ubuntu 26.04') PACKAGES=(docker.io docker-buildx) ;;
    *) die "this is ${system}; it must be Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04" ;;
  esac
  architecture=$(dpkg --print-architecture)
  case "${architecture}" in
    amd64 | arm64) ;;
    *) die "this is ${architecture}; it must be amd64 or arm64" ;;
  esac
}

install_and_deploy() {
  STEP=install
  check_system
  install_service
  # If this fails, the service goes on trying.
  bash "${SAVED}" deploy || true
  # This may run inside the service itself, so it must not wait for the restart.
  systemctl restart --no-block pushbox.service
}

# cloud-init runs user data once in the life of an instance; every later boot is the service's.
install_service() {
  # The script holds the app's environment, so it is for root only. It is replaced as a whole,
  # because the former one may be running.
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

# After the first boot the system's own updates hold the lock for a while.
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@"
}

# Building takes more memory than running, and without swap the kernel kills the build.
add_swap() {
  local memory_kb
  memory_kb=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
  if ((memory_kb >= 2 * 1024 * 1024)) || [[ -e /swapfile ]]; then
    return
  fi
  if fallocate -l 2G /swapfile && chmod 0600 /swapfile && mkswap /swapfile && swapon /swapfile; then
    printf '/swapfile none swap sw 0 0\n' >>/etc/fstab
  else
    rm -f /swapfile
    printf 'There is no swap: a large build may run out of memory.\n'
  fi
}

# The app's logs must not fill the disk, and an update of docker must not stop the app.
configure_docker() {
  if [[ -e /etc/docker/daemon.json ]]; then
    return
  fi
  mkdir -p /etc/docker
  cat >/etc/docker/daemon.json <<'END'
{
  "live-restore": true,
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "3" }
}
END
}
