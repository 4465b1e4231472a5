# ---- The service: deploys, then waits for the bell ----

agent() {
  local rung='' pause=3
#if poll
  local heads='' now poll_at=0
#end
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
#if poll
    elif ((SECONDS >= poll_at)); then
      poll_at=$((SECONDS + POLL_MINUTES * 60))
      if now=$(heads_of_host) && [[ "${now}" != "${heads}" ]]; then
        heads=${now}
        deploy_now
      fi
#end
    fi
  done
}

# In a process of its own: what ends a deploy must not end the service.
deploy_now() {
  local code=0
#if function
  update_script
#end
  bash "${SAVED}" deploy || code=$?
  RETRY_AT=0
  if ((code == 75)); then
    RETRY_AT=$((SECONDS + 300))
  fi
}
#if poll

heads_of_host() {
  choose_ref
  timeout 60 git ls-remote "${REPO_URL}" "${REF}"
}
#end

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
