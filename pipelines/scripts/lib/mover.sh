# shellcheck shell=bash
# The mover in the cluster: how it is seen whether it has caught up, and what it says where it cannot.

in_restore() { kubectl --namespace pilotlight-restore "$@"; }

# caught_up : whether the pod of these very manifests is ready, and no other is left.
caught_up() {
  in_restore get deployment mover --output json 2>/dev/null |
    jq -e '.status.observedGeneration == .metadata.generation and .status.replicas == 1 and .status.updatedReplicas == 1 and .status.readyReplicas == 1' >/dev/null 2>&1
}

# read_mover VARIABLE : what the pod of this correlation id says of its container, as one JSON object; `{}` as long as there is none.
# The pod of an earlier request may still be ending.
read_mover() {
  local told
  told="$(in_restore get pods --selector app.kubernetes.io/name=mover --output json 2>/dev/null | jq -c --arg id "$CORRELATION_ID" '
    [.items[] | select(.metadata.deletionTimestamp == null and .metadata.annotations["pilotlight/correlation-id"] == $id)]
    | sort_by(.metadata.creationTimestamp) | last | .status.containerStatuses[0] // {}
    | { restarts: (.restartCount // 0), running: (.state.running != null), started: ((.restartCount // 0) > 0 or .state.running != null or .state.terminated != null) }
      + ((.state.terminated // .lastState.terminated // {}) | { exit: (.exitCode // null), said: (.message // "") })' 2>/dev/null)" || told=''
  [[ -n "$told" ]] || told='{}'
  printf -v "$1" '%s' "$told"
}

# forget_ended : whoever starts a run again has mended something, so how the mover ended before is no answer to this run. A pod that waits
# for its next try, up to five minutes, makes room for one that tries at once.
forget_ended() {
  local name
  while read -r name; do
    in_restore delete pod "$name" --wait=false --ignore-not-found || true
  done < <(in_restore get pods --selector app.kubernetes.io/name=mover --output json 2>/dev/null | jq -r '.items[]
    | select(.status.containerStatuses[0].state | .terminated != null or .waiting.reason == "CrashLoopBackOff") | .metadata.name' 2>/dev/null)
}

# store_trouble : what keeps the mover from the store, where that is its newest word. It waits for a store that is away and does not end,
# so its exit code never tells. That its state could not be told follows from the same and is left out.
store_trouble() {
  in_restore logs deployment/mover --tail=5 2>/dev/null | jq -Rrs '[split("\n")[] | fromjson? | select(.event != "state-not-told")]
    | last | select(.event == "apply-failed" and .code == "STORE_UNAVAILABLE") | .detail' 2>/dev/null
}

# What the mover said last: it ends with CODE: what was wrong and what to do. Lines of its log come before.
last_words() { awk '/^[A-Z][A-Z_]+: /{ kept = "" } { kept = kept (kept == "" ? "" : " ") $0 } END { print kept }' <<<"$1"; }

fail_by_store() {
  fail STORE_REFUSED "the mover cannot use the storage account $DATA_ACCOUNT: $1 Does id-$WORKLOAD-restore hold its roles there (apply terraform/azure/always)? The Deployment mover in pilotlight-restore tries on by itself; start the run again with the same correlation id."
}

# fail_by_exit EXIT-CODE WORDS : the mover's exit codes (docs/backup-system.md) in the words of this pipeline.
fail_by_exit() {
  local status="$1" words="$2" id="the Deployment mover in pilotlight-restore tries on by itself; start the run again with the same correlation id"
  case "$status" in
    3 | 6 | 8)
      [[ "$words" != DATABASE_IN_USE:* ]] || fail DATABASE_IN_USE "${words#DATABASE_IN_USE: }"
      fail BACKUP_UNUSABLE "the mover refused what is in the store: $words"
      ;;
    4) fail_by_store "$words" ;;
    5) fail DATABASE_REFUSED "the mover cannot use the database: $words. Is the administrator's password in the vault the server's? Then $id." ;;
    *) fail RESTORE_FAILED "the mover ended with $status: ${words:-it said nothing}. Look at its log (kubectl --namespace pilotlight-restore logs deployment/mover --previous); $id." ;;
  esac
}

# wait_for_mover : until it has caught up. What can only be wrong again ends the wait at once; what may pass is tried five times.
wait_for_mover() {
  local pause="${MOVER_PAUSE_SECONDS:-3}" start_limit="${MOVER_START_SECONDS:-420}" limit="${MOVER_SECONDS_MAX:-3300}" began=$SECONDS
  local store_limit="${MOVER_STORE_SECONDS:-300}" store_since='' seen='{}' status restarts words trouble
  until caught_up; do
    read_mover seen
    status="$(jq -r '.exit // ""' <<<"$seen")" restarts="$(jq -r '.restarts // 0' <<<"$seen")"
    words="$(last_words "$(jq -r '.said // ""' <<<"$seen")")"
    # One that runs again after all is asked for its end once more. A lock that an earlier pod still seems to hold goes with its connection.
    if [[ -n "$status" && "$status" != 0 && "$(jq -r '.running // false' <<<"$seen")" == false ]]; then
      if [[ "$status" =~ ^[236]$ && "$words" != APPLY_BUSY:* ]] || ((restarts >= 5)); then fail_by_exit "$status" "$words"; fi
    fi
    trouble="$(store_trouble)" || trouble=''
    if [[ -z "$trouble" ]]; then store_since=''; else store_since="${store_since:-$SECONDS}"; fi
    if [[ -n "$store_since" ]] && ((SECONDS - store_since >= store_limit)); then fail_by_store "$trouble"; fi
    if ((SECONDS - began >= start_limit)) && [[ "$(jq -r '.started // false' <<<"$seen")" == false ]]; then
      local events
      events="$(in_restore get events --field-selector type=Warning --output jsonpath='{range .items[*]}{.reason}: {.message}{"; "}{end}' || true)"
      fail RESTORE_POD_NOT_READY "the mover did not start in $start_limit s. Warnings: ${events:-none}. Usual causes: the vault has no secret mysql-administrator-password or $WORKLOAD-database-password, the image cannot be pulled, or no node is free."
    fi
    ((SECONDS < limit)) ||
      fail RESTORE_UNFINISHED "the mover has not caught up $limit s after this step began. It goes on in the cluster by itself, and its state is the blob handover/$WORKLOAD/applier.json in $DATA_ACCOUNT. Start the run again with the same correlation id: it changes nothing and waits on."
    note "the mover is at work: $(in_restore logs deployment/mover --tail=1 2>/dev/null || true)"
    sleep "$pause"
  done
  note "The mover has caught up: dump and log are in $DATABASE, the application can read. It goes on with what is shipped, and opens the database when the controller asks."
}
