# ---- A deploy ----

deploy() {
  local started=${STARTED} outcome='done' serving
  STEP=deploy
  mkdir -p "${STATE}"
  exec 9>"${STATE}/lock"
  flock 9
  start_last_good
#if not yet
  if [[ -n "${NOT_YET}" ]]; then
    die "${NOT_YET}"
  fi
#end
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
#if submodules
  git config remote.origin.url "${REPO_URL}"
  git submodule -q sync --recursive
  logged timeout 600 git submodule -q update --init --recursive --force --depth 1
#end
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
