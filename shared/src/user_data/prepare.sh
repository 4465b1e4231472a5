# ---- Packages ----

PROGRAMS=(git curl haproxy socat)
#if secrets
PROGRAMS+=(jq)
#end
#if domain
PROGRAMS+=(caddy)
#end

is_prepared() {
  hash docker "${PROGRAMS[@]}" 2>/dev/null
}

step_prepare() {
  check_system
  add_swap
  configure_system
## Their own services would start with settings of their own.
  systemctl mask haproxy caddy
  logged apt_get update
#if schedule
  logged apt_get install tzdata
#end
  logged apt_get install "${DOCKER[@]}" "${PROGRAMS[@]}" ca-certificates
}

## Right after the first boot the system's own updates hold the lock.
apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@"
}

## Building takes more memory than running.
add_swap() {
  local memory_kb
  read -r _ memory_kb _ </proc/meminfo
  if ((memory_kb < 2097152)) && [[ ! -e /swapfile ]]; then
    fallocate -l 2G /swapfile && chmod 0600 /swapfile && mkswap /swapfile && swapon /swapfile &&
      echo '/swapfile none swap sw 0 0' >>/etc/fstab
  fi
}

## Logs must not fill the disk, updates of docker must not stop the app, and reboots for updates come at night. Docker's own
## proxies would end with it and cut the app off; without them the kernel passes requests on.
configure_system() {
  local docker=/etc/docker/daemon.json
  mkdir -p "${docker%/*}"
  if [[ ! -e "$docker" ]]; then
    echo '{"live-restore":true,"userland-proxy":false,"log-opts":{"max-size":"10m","max-file":"3"}}' >"$docker"
  fi
  printf 'Unattended-Upgrade::Automatic-Reboot%s";\n' ' "true' '-Time "03:00' \
    >/etc/apt/apt.conf.d/90pushbox
}
