#!/bin/bash
# As much of systemd as the script needs: an enabled unit starts at boot, one that ended starts again after five seconds,
# and a restart ends every process of the unit first. It waits for nobody.
set -Eeuo pipefail

main() {
  local unit=${!#}
  while [[ "$1" == --* ]]; do
    shift
  done
  unit=${unit%.service}.service
  printf '%s\n' "$*" >>/var/log/systemctl.log
  case "$1" in
    daemon-reload | disable | preset | try-restart) ;;
    mask) mask "${@:2}" ;;
    enable) enable "${unit}" ;;
    start) is_supervised "${unit}" || begin "${unit}" ;;
    restart) begin "${unit}" ;;
    supervise) supervise "${unit}" ;;
    poweroff) setsid --fork "$0" go-down </dev/null &>>/var/log/power-off.log 9>&- ;;
    go-down) go_down ;;
    list-jobs) cat /run/jobs 2>/dev/null || true ;;
    reboot) touch /run/reboots ;;
    *)
      printf 'this systemctl knows no %s\n' "$1" >&2
      exit 1
      ;;
  esac
}

enable() {
  local wants=/etc/systemd/system/multi-user.target.wants
  mkdir -p "${wants}"
  ln -sf "/etc/systemd/system/$1" "${wants}/$1"
}

# What installs a package asks here before it starts the package's own service.
mask() {
  cat >/usr/sbin/policy-rc.d <<END
#!/bin/bash
[[ " $* " != *" \$1 "* ]] || exit 101
END
  chmod 0755 /usr/sbin/policy-rc.d
}

is_supervised() {
  [[ -e "/run/$1.supervisor" ]] && kill -0 "$(cat "/run/$1.supervisor")"
}

# A service has nothing of whoever starts it, such as the lock of a deploy.
begin() {
  setsid --fork "$0" supervise "$1" </dev/null &>>"/var/log/$1.log" 9>&-
}

supervise() {
  local command=()
  exec 8>"/run/$1.lock"
  flock 8
  stop "$1"
  printf '%s' "$$" >"/run/$1.supervisor"
  read -ra command < <(sed -n 's/^ExecStart=//p' "/etc/systemd/system/$1")
  exec 8>&-
  while true; do
    # A session of its own stands for the unit's control group.
    setsid env -i PATH="${PATH}" "${command[@]}" &
    printf '%s' "$!" >"/run/$1.session"
    wait "$!" || true
    sleep 5
  done
}

# The services end, the proxy last, and then the machine, unless the last look at the mailbox has it boot instead.
go_down() {
  local last=()
  printf '1 poweroff.target start waiting\n' >/run/jobs
  stop pushbox.service
  stop pushbox-proxy.service
  read -ra last < <(sed -n 's/^ExecStopPost=//p' /etc/systemd/system/pushbox-proxy.service)
  env -i PATH="${PATH}" "${last[@]}"
  [[ -e /run/reboots ]] || touch /run/off
}

stop() {
  local session
  if [[ -e "/run/$1.supervisor" ]]; then
    kill -KILL "$(cat "/run/$1.supervisor")" || true
    session=$(cat "/run/$1.session")
    pkill -TERM --session "${session}" || true
    for _ in {1..100}; do
      pgrep --session "${session}" >/dev/null || return 0
      sleep 0.1
    done
    pkill -KILL --session "${session}" || true
  fi
}

main "$@"
