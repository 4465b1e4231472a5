# ---- Proxy: HAProxy passes visitors to what serves ----

PROXY=/etc/pushbox/haproxy.cfg
SOCKET=/run/pushbox-proxy.sock
#if domain
VISITORS=127.0.0.1:18079
#end
#if no domain
VISITORS=:80
#end

## Sets LIVE and NEXT: the local ports of the version that serves and of the one after it.
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
#if sleep
## Scanners come to every address, and mostly ask for just that; such requests are answered and do not count.
  stick-table type integer size 1 store http_req_cnt
  acl counts path /.pushbox/wake
  acl counts req.cook(pushbox) -m found
#if domain
  acl counts req.hdr(host),field(1,:) -m str -i $DOMAIN
#end
#if no domain
  acl counts req.hdr(host) -m reg -i ^ec2-[0-9-]+\.[a-z0-9.-]+\.amazonaws\.com
#end
  http-request track-sc0 int(1) if counts
## The wake page sends its visitors here, because it cannot set a cookie for another host than its own.
  http-request return status 302 hdr Location / hdr Set-Cookie "pushbox=1; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" if { path /.pushbox/wake }
#end
## What a visitor claims to be passed on is not believed.
#if no domain
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
#end
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
#if domain
  systemctl start pushbox-https
#end
}

## The file, replaced in one go, decides what is live at the next boot. By the socket no connection is lost, which a reload
## does not promise. Where the proxy does not confirm, it starts anew and reads the file.
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

## Requests on their way get their time: each has a connection of its own.
drain() {
  local deadline=$((SECONDS + DRAIN))
  while ((SECONDS < deadline)) &&
    [[ -n "$(ss -Htn state established "dst 127.0.0.1:$LIVE" || true)" ]]; do
    sleep 0.5
  done
}
