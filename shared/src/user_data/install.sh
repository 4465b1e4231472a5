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
