#if spot
# ---- Spot: EC2 may take this machine back, and says so two minutes before ----

## In a process of its own, because a deploy may be on its way.
watch_for_interruption() {
  while sleep 5; do
    if read_metadata spot/instance-action; then
      meet_interruption
    fi
  done
}

## A deploy has a minute to finish. Then its step fails, which leaves nothing half done; the next boot deploys again. With the
## lock in hand no other begins, unless EC2 takes its word back.
meet_interruption() {
  local STEP=interruption STARTED=${EPOCHREALTIME//[!0-9]/}
  report started "EC2 stops this spot box and starts it again when it has room: $ANSWER"
  : >/run/pushbox-interrupted
  exec 9>"$STATE/lock"
  if ! flock -w 60 9; then
    until flock -w 1 9; do
      pkill -TERM -P "$(cat /run/pushbox-deploy)" || true
    done
  fi
  report 'done' 'no deploy is on its way'
  while read_metadata spot/instance-action; do
    sleep 5
  done
  rm /run/pushbox-interrupted
  exec 9>&-
}
#end
