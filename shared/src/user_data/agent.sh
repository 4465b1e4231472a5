# ---- The service: serves what worked last, deploys, then waits for the bell ---------------

agent() {
  local rung='' pause=3 poll_at=0 heads='' now
  STEP=agent
  trap 'exit 0' TERM
  start_last_good
  if read_tag poke; then
    rung=${TAG}
  fi
  update_script
  deploy_now

  while sleep "${pause}"; do
    if read_tag poke; then
      pause=3
    else
      # No mailbox: ask less and less often, at least once a minute.
      pause=$((pause < 30 ? pause * 2 : 60))
      TAG=${rung}
    fi
    if [[ "${TAG}" != "${rung}" ]]; then
      rung=${TAG}
      # The other tags of the same push may show a moment later.
      sleep 1
      update_script
      deploy_now
    elif ((RETRY_AT > 0 && SECONDS >= RETRY_AT)); then
      deploy_now
    elif ((POLL_MINUTES > 0 && SECONDS >= poll_at)); then
      poll_at=$((SECONDS + POLL_MINUTES * 60))
      if now=$(heads_of_host) && [[ "${now}" != "${heads}" ]]; then
        heads=${now}
        deploy_now
      fi
    fi
  done
}

# In a process of its own: what ends a deploy must not end the service.
deploy_now() {
  local code=0
  bash "${SAVED}" deploy || code=$?
  RETRY_AT=0
  if ((code == 75)); then
    RETRY_AT=$((SECONDS + 300))
  fi
}

heads_of_host() {
  choose_ref
  timeout 60 git ls-remote "${REPO_URL}" "${REF}"
}

main() {
  trap on_exit EXIT
  trap 'FAILED_AT="line ${LINENO}: ${BASH_COMMAND}"' ERR
  case "${1:-install}" in
    install) install_and_deploy ;;
    deploy) deploy ;;
    agent) agent ;;
    *) die "unknown command $1; known are install, deploy and agent" ;;
  esac
}

main "$@"
