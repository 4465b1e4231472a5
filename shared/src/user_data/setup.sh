# ---- Setup ----

## The service may be what runs this, so there is no waiting for it.
setup() {
  STEP=setup
  check_system
  install_services
  systemctl restart --no-block pushbox
}

## On an unknown system half of this would work, which is worse than nothing.
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

## cloud-init runs user data only once, so every later boot is for services.
install_services() {
## Only root may read the app's environment. The former script may be running, so it is replaced, not overwritten. With this
## folder the journal outlives a boot.
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
## Before docker means that at a shutdown it ends after docker: then it is the last to look at the mailbox.
  unit pushbox-proxy 'passes visitors to the app' <<END
After=network.target
Before=docker.service

[Service]
ExecStart=/usr/sbin/haproxy -db -f $PROXY
ExecStopPost=/bin/bash $SAVED last_look
END
#if domain
  unit pushbox-https 'HTTPS' <<END
After=network.target

[Service]
User=caddy
AmbientCapabilities=CAP_NET_BIND_SERVICE
ExecStart=/usr/bin/caddy reverse-proxy --from $DOMAIN --to $VISITORS
END
  systemctl try-restart pushbox-https
#end
#if no domain
## Of a former script, it would hold the port.
  systemctl disable --now pushbox-https 2>/dev/null || true
#end
}

## Writes and enables a unit, the rest of which is standard input.
unit() {
  {
    printf '[Unit]\nDescription=pushbox: %s\n' "$2"
    cat
## When memory runs out, the kernel ends these last.
    printf 'Restart=always\nRestartSec=5\nOOMScoreAdjust=-900\n\n[Install]\nWantedBy=multi-user.target\n'
  } >"/etc/systemd/system/$1.service"
  systemctl daemon-reload
  systemctl enable "$1"
}
