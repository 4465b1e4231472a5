# ---- Service: deploys, then waits for the bell ----

agent() {
  local rung='' pause=2
#if poll
  local heads='' now poll_at=0
#end
  STEP=agent
  trap 'exit 0' TERM
  if read_tag poke; then
    rung=$ANSWER
  fi
#if spot
  watch_for_interruption &
#end
#if sleep
  say_when_it_serves &
#end
  deploy_now

  while sleep "$pause"; do
    if read_tag poke || (($? == 2)); then
      pause=2
    else
      pause=$((pause < 30 ? 2 * pause : 60))
      ANSWER=$rung
    fi
    if [[ "$ANSWER" != "$rung" ]]; then
      rung=$ANSWER
## The other tags of this push may show a moment later.
      sleep 1
      deploy_now
    elif ((RETRY_AT > 0 && SECONDS >= RETRY_AT)); then
      deploy_now
#if poll
    elif ((SECONDS >= poll_at)); then
      poll_at=$((SECONDS + POLL_MINUTES * 60))
      if now=$(heads_of_host) && [[ "$now" != "$heads" ]]; then
        heads=$now
        deploy_now
      fi
#end
    fi
#if sleep
    sleep_if_idle "$rung"
#end
  done
}

## In a process of its own: what ends a deploy must not end the service.
deploy_now() {
  local code=0
#if function
  update_script
#end
  bash "$SAVED" deploy || code=$?
  RETRY_AT=0
  if ((code == 75 || code > 128)); then
    RETRY_AT=$((SECONDS + (code == 75 ? 300 : 5)))
  fi
#if sleep
  note_use
#end
}
#if poll

heads_of_host() {
#if secrets
  step_secrets
#end
  choose_ref
  remote_git ls-remote "$REPO_URL" "$REF"
}
#end

## A push while the box powers off: nobody would start it again.
last_look() {
#if spot
## EC2 itself starts it again.
  [[ ! -e /run/pushbox-interrupted ]] || return 0
#end
  if [[ "$(systemctl list-jobs)" == *poweroff.target* ]] && read_tag poke &&
    [[ "$ANSWER" != "$(handled)" ]]; then
    STEP=shutdown
    report 'done' 'a push came while powering off: reboot'
    systemctl --force reboot
  fi
}

main() {
  local task=${1:-setup}
  trap on_exit EXIT
  trap 'COMMAND="line $LINENO: $BASH_COMMAND"' ERR
  case "$task" in
    setup | deploy | agent | last_look) "$task" ;;
    *) die "$task is none of setup, deploy, agent" ;;
  esac
}

main "$@"
