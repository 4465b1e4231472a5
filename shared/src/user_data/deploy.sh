# ---- A deploy -----------------------------------------------------------------------------

deploy() {
  local started=${STARTED} outcome=done format serving
  STEP=deploy
  mkdir -p "${STATE}"
  exec 9>"${STATE}/lock"
  flock 9
  if [[ -n "${NOT_YET:-}" ]]; then
    die "${NOT_YET}"
  fi
  if ! hash docker git curl 2>/dev/null; then
    step prepare
  fi
  step fetch

  SCRIPT=$(script_hash)
  format='{{.State.Running}} {{index .Config.Labels "pushbox.commit"}} {{index .Config.Labels "pushbox.script"}}'
  serving=$(docker inspect --format "${format}" "${APP}" 2>/dev/null) || true
  if [[ "${serving}" == "true ${COMMIT} ${SCRIPT}" ]]; then
    outcome=unchanged
  else
    step build
    step swap
    step prune
  fi
  STEP=deploy
  STARTED=${started}
  report "${outcome}" ''
}

# Checks out the head of REF. A host may ring before it serves the commit, so that this waits
# for it, up to a minute; then whatever is the head is deployed.
step_fetch() {
  local pause head
  git init -q "${CHECKOUT}"
  cd "${CHECKOUT}"
  git config remote.origin.url "${REPO_URL}"
  for pause in 2 4 8 16 30 0; do
    choose_ref
    if logged timeout 300 git fetch --depth 1 --no-tags origin "${REF}"; then
      head=$(git rev-parse FETCH_HEAD)
      # The head of an annotated tag is the tag, which points to the commit.
      COMMIT=$(git rev-parse 'FETCH_HEAD^{commit}')
      if [[ -z "${EXPECTED}" || "${EXPECTED}" == "${head}" || "${EXPECTED}" == "${COMMIT}" ]]; then
        break
      fi
    fi
    sleep "${pause}"
  done
  if [[ -z "${COMMIT}" ]]; then
    return 1
  fi
  printf '%s' "${RUNG}" >"${STATE}/handled"

  git checkout -q --force --detach "${COMMIT}"
  git clean -q -ffdx
  if [[ "${SUBMODULES}" == yes ]]; then
    git submodule -q sync --recursive
    logged timeout 600 git submodule -q update --init --recursive --force --depth 1
  fi
}

step_build() {
  logged docker build --label "pushbox.app=${APP}" --tag "${APP}:${COMMIT}" \
    "${BUILD_OPTIONS[@]}" "./${CONTEXT}"
}

# The container APP is always the last version that worked. A new one earns the name, and the
# right to be restarted, by its first answer.
step_swap() {
  docker rm --force "${APP}-next" &>/dev/null || true
  docker stop -t "${DRAIN}" "${APP}" &>/dev/null || true
  logged docker run --detach --name "${APP}-next" \
    --label "pushbox.commit=${COMMIT}" --label "pushbox.script=${SCRIPT}" \
    --publish "80:${PORT}" "${RUN_OPTIONS[@]}" "${APP}:${COMMIT}"
  wait_for_answer "${APP}-next"
  docker update --restart unless-stopped "${APP}-next"
  docker rm --force "${APP}" &>/dev/null || true
  docker rename "${APP}-next" "${APP}"
}

wait_for_answer() {
  local running code said deadline=$((SECONDS + HEALTH_TIMEOUT))
  while ((SECONDS < deadline)); do
    read -r running code < <(docker inspect --format '{{.State.Running}} {{.State.ExitCode}}' "$1")
    if [[ "${running}" != true ]]; then
      break
    fi
    # Whatever the app answers, it is there.
    if curl --silent --globoff --output /dev/null --max-time 5 "http://127.0.0.1${HEALTH_PATH}"; then
      return
    fi
    sleep 1
  done
  logged docker logs --tail 20 "$1"
  said=$(tail -n 1 "${OUTPUT}")
  if [[ "${running}" == true ]]; then
    die "no answer on port ${PORT} within ${HEALTH_TIMEOUT} s; the app's last words: ${said}"
  fi
  die "the app ended with code ${code}; its last words: ${said}"
}

# What has not proven itself goes, what worked last comes back.
start_last_good() {
  docker rm --force "${APP}-next" &>/dev/null || true
  docker start "${APP}" &>/dev/null || true
}

# The cache of layers is what makes the next build fast: it may fill a quarter of the disk.
step_prune() {
  local tags tag disk_gb
  tags=$(docker images --filter dangling=false --format '{{.Tag}}' "${APP}")
  for tag in $(tail -n "+$((KEEP_IMAGES + 1))" <<<"${tags}"); do
    # Docker refuses where a container runs from it, and that is right.
    docker rmi "${APP}:${tag}" || true
  done
  docker image prune --force
  disk_gb=$(df --output=size --block-size=1G / | tail -n 1)
  docker builder prune --force --keep-storage "$((disk_gb / 4))GB"
}
