# shellcheck shell=bash
# The stages of a run in a container, and the small file by which the controller sees how they go: Azure knows of a container only that
# it runs, or how it ended. Shape and reader: clouds/azure/standby/container-job-run.ts.

STAGES=(Infrastructure Restore Deploy Smoke)
declare -A STAGE_STATE=() STAGE_RESULT=() STAGE_PID=() STAGE_TOLD=()

stage_log() { printf '%s/%s.log' "$STAGE_LOGS" "$1"; }

# stage_errors NAME : the first error lines of a stage, as the scripts report them to an agent; a JSON list.
stage_errors() {
  sed -n 's/^##vso\[task\.logissue type=error\]//p' "$(stage_log "$1")" 2>/dev/null | head -n 3 | sed 's/%AZP25/%/g' | jq -Rsc 'split("\n") | map(select(. != ""))'
}

# tell_progress : writes the file anew. Nobody waits for it, and a store that is away ends nothing.
tell_progress() {
  local name errors file list='[]'
  for name in "${STAGES[@]}"; do
    errors='[]'
    if [[ "${STAGE_RESULT[$name]:-}" == failed ]]; then errors="$(stage_errors "$name")"; fi
    list="$(jq -c --arg name "$name" --arg state "${STAGE_STATE[$name]:-pending}" --arg result "${STAGE_RESULT[$name]:-}" --argjson errors "$errors" \
      '. + [{name: $name, state: $state, result: (if $result == "" then null else $result end), errors: $errors}]' <<<"$list")"
  done
  file="$(mktemp)"
  jq -c --arg execution "$BUILD_BUILDID" '{execution: $execution, stages: .}' <<<"$list" >"$file"
  az storage blob upload --auth-mode login --only-show-errors --no-progress --account-name "$DATA_ACCOUNT" --container-name runner \
    --name "$WORKLOAD/$CORRELATION_ID.json" --file "$file" --overwrite --output none ||
    warn "how the stages go could not be written to the container runner of $DATA_ACCOUNT; the controller sees it late, or at the end only"
  rm -f "$file"
}

# tell_stage NAME : asks it to end.
tell_stage() {
  STAGE_TOLD[$1]=true
  kill -TERM "${STAGE_PID[$1]}" 2>/dev/null || true
}

# begin_stage NAME SECONDS COMMAND... : beside whatever runs. At its limit, or when the container is stopped, the command hears SIGTERM,
# and has nine minutes: a Terraform lets go of what it is creating, saves the state and frees the lock.
begin_stage() {
  local name="$1" limit="$2"
  shift 2
  note "--- stage $name"
  STAGE_STATE[$name]=running
  # Before whoever follows it looks for it.
  : >"$(stage_log "$name")"
  timeout --signal=TERM --kill-after=540 "$limit" "$@" >"$(stage_log "$name")" 2>&1 &
  STAGE_PID[$name]=$!
  # A signal that came before the stage had a number found nobody to tell.
  if [[ "$STOPPED" == true && -z "${STAGE_TOLD[$name]:-}" ]]; then tell_stage "$name"; fi
  # Whoever follows the container's output sees it as it comes; the file is whole when the stage has ended.
  tail -n +1 --pid="${STAGE_PID[$name]}" -f "$(stage_log "$name")" &
  tell_progress
}

# end_stage NAME : waits for it. True where it has succeeded.
end_stage() {
  local name="$1" status=0 pid="${STAGE_PID[$1]}"
  # Not by `wait`, for the reason that run-terraform.sh gives.
  while kill -0 "$pid" 2>/dev/null; do sleep 0.2 || true; done
  wait "$pid" || status=$?
  unset "STAGE_PID[$name]"
  STAGE_STATE[$name]=completed
  case "$status" in
    0) STAGE_RESULT[$name]=succeeded ;;
    *) if [[ "$STOPPED" == true ]]; then STAGE_RESULT[$name]=canceled; else STAGE_RESULT[$name]=failed; fi ;;
  esac
  # 124 and 137 are `timeout`'s own: the stage said nothing of its limit.
  if ((status == 124 || status == 137)) && [[ "$STOPPED" == false ]]; then
    (fail STAGE_TIMED_OUT "the stage $name was not done within its limit. What was built is in the state; a new run goes on from there.") | tee -a "$(stage_log "$name")" || true
  fi
  note "--- stage $name: ${STAGE_RESULT[$name]}"
  tell_progress
  [[ "${STAGE_RESULT[$name]}" == succeeded ]]
}

# skip_stage NAME : what it would have needed is not there.
skip_stage() {
  STAGE_STATE[$1]=completed
  STAGE_RESULT[$1]=skipped
}

# stage_output NAME OUTPUT : what a stage has published, as an agent would hand it on.
stage_output() {
  sed -n "s/^##vso\[task\.setvariable variable=$2;isOutput=true\]//p" "$(stage_log "$1")" | tail -n 1 | sed 's/%AZP25/%/g'
}

# listen_for_stop PID : tells the process once the controller has asked this run to end. Azure gives a container that it stops too little
# time for Terraform to let go of its state, so it is asked this way.
listen_for_stop() {
  while sleep "${STOP_PAUSE_SECONDS:-10}"; do
    if [[ "$(az storage blob exists --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" --container-name handover \
      --name "$WORKLOAD/runner/$CORRELATION_ID.stop.json" --query exists --output tsv 2>/dev/null)" == true ]]; then
      kill -TERM "$1" 2>/dev/null || true
      return 0
    fi
  done
}
