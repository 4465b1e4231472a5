# ---- Deploy ----

deploy() {
  local started=$STARTED outcome='done' serving
  STEP=deploy
  exec 9>"$STATE/lock"
  flock 9
#if spot
  printf '%s' "$$" >/run/pushbox-deploy
#end
  if ! is_prepared; then
    step prepare
  fi
  serve_last_good
#if secrets
  step secrets
#end
  step fetch

  VERSION="$COMMIT $(script_hash)"
  serving=$(docker inspect --format '{{.State.Running}} {{.Config.Labels.pushbox}}' \
    "$APP-$LIVE" 2>/dev/null) || true
  if [[ "$serving" == "true $VERSION" ]]; then
    outcome=unchanged
  else
#if tells
    tell started 'building'
#end
    step build
    step swap
    step prune
#if tells
    tell 'done' "serves $COMMIT"
#end
  fi
  STEP=deploy
  STARTED=$started
  report "$outcome"
}

## At boot, and where a deploy was cut off: what worked last serves, what is not proven goes.
serve_last_good() {
  find_ports
#if no role for app
  shut_metadata
#end
  docker start "$APP-$LIVE" &>/dev/null || true
  start_proxy
  pass_visitors_to "$LIVE"
  docker rm -f "$APP-$NEXT" &>/dev/null || true
}
#if no role for app

## Neither the app nor a step of a build may read this instance's metadata.
shut_metadata() {
  local rule=(DOCKER-USER -j REJECT -d)
  iptables -w -C "${rule[@]}" 169.254.169.254 2>/dev/null ||
    iptables -w -I "${rule[@]}" 169.254.169.254
## Without IPv6 docker makes no chain for it, and no container has it.
  ip6tables -w -C "${rule[@]}" fd00:ec2::254 2>/dev/null ||
    ip6tables -w -I "${rule[@]}" fd00:ec2::254 2>/dev/null || true
}
#end

## Checks out the head of REF. A host may ring before it serves the commit: this waits for it up
## to a minute.
step_fetch() {
  local pause
  cd "$STATE" || exit
## Git leaves locks where it is cut off: only a whole checkout is used again.
  rm fetched 2>/dev/null || rm -rf repo
  git init -q repo
  cd repo || exit
  for pause in 2 4 8 16 30 0; do
    choose_ref
    if logged remote_git fetch --depth 1 --no-tags "$REPO_URL" "$REF"; then
## A push of an annotated tag names the tag, or the commit that it stands for.
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
#if submodules
  git config remote.origin.url "$REPO_URL"
  git submodule -q sync --recursive
  logged remote_git submodule -q update --init --recursive --force --depth 1
#end
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
## Docker needs some room itself to make room.
      rm -rf "$STATE/repo"
      docker system prune -af || true
      try_later "disk full; tried to make room: $REASON" ;;
    *) exit 1 ;;
  esac
}

## With its first answer the new version earns the visitors and the right to be restarted.
step_swap() {
#if alone
## It shares a disk or a port with the next, so the two cannot run at once.
  docker stop -t "$DRAIN" "$APP-$LIVE" &>/dev/null || true
#end
## A power cut can leave docker with a port that nobody has.
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

#if no secret env
run_app() {
  logged docker run "$@"
}
#end
#if secret env
## A bash of its own, where no setting has the name of a secret. Values come by its input: on a command line everybody could
## read them, and a file for --env-file can hold no line breaks.
run_app() {
  local name
  logged bash -c 'while IFS= read -r -d "" __pushbox; do export "$__pushbox"; done; exec "$@"' \
    bash "$(type -P docker)" run "${SECRET_ENV[@]/#/--env=}" "$@" < <(
    for name in "${SECRET_ENV[@]}"; do
      printf '%s=%s\0' "$name" "${SECRETS[env/$name]}"
    done
  )
}
#end

wait_for_answer() {
  local state='' deadline=$((SECONDS + HEALTH_TIMEOUT))
  while ((SECONDS < deadline)); do
    state=$(docker inspect --format '{{.State.Status}}, code {{.State.ExitCode}}' "$APP-$NEXT")
    [[ "$state" == running* ]] || break
## Any status will do: the app is there.
    if curl -sg -m 5 "http://127.0.0.1:$NEXT$HEALTH_PATH" >/dev/null; then
      return
    fi
    sleep 1
  done
  logged docker logs --tail 20 "$APP-$NEXT"
  die "no answer from port $PORT ($state); the app's last words:
$(cat /run/pushbox-log)"
}

## The layer cache makes the next build fast, so some of it stays.
step_prune() {
  local tag
  for tag in $(docker images --filter dangling=false --format '{{.Tag}}' "$APP" |
    tail -n "+$((KEEP_IMAGES + 1))"); do
## Docker refuses while a container runs from it, and is right.
    docker rmi "$APP:$tag" || true
  done
  docker image prune -f
  docker builder prune -f --keep-storage 3GB || true
}
