# shellcheck shell=bash
# What terraform/azure/always made, by its state: names and ranges that are known before anything is built. Whoever has them need not
# wait for Terraform's outputs.

# read_pilot : sets PILOT. The state of `always` holds no secret (docs/terraform.md); only its output `pilot` is kept.
read_pilot() {
  local file
  file="$(mktemp)"
  az storage blob download --auth-mode login --only-show-errors --no-progress --account-name "$DATA_ACCOUNT" \
    --container-name tfstate --name "$WORKLOAD/always.tfstate" --file "$file" --output none || {
    rm -f "$file"
    fail STATE_UNREADABLE "the state $WORKLOAD/always.tfstate in $DATA_ACCOUNT cannot be read. Nothing was changed. Was it moved there (docs/terraform.md, 'The first apply'), and does the pipeline's identity hold 'Storage Blob Data Contributor' on the container tfstate?"
  }
  PILOT="$(jq -c '.outputs.pilot.value // {}' "$file" 2>/dev/null)" || PILOT='{}'
  rm -f "$file"
}

# read_pilot_value VARIABLE PATH PATTERN : one value, by its path such as names.cluster, checked like an output of Terraform.
read_pilot_value() {
  local into="$1" path="$2" pattern="$3" found
  found="$(jq -r --arg path "$path" 'getpath($path | split(".")) // ""' <<<"${PILOT:-}" 2>/dev/null)" || found=''
  if [[ ! "$found" =~ ^($pattern)$ ]]; then
    fail NO_OUTPUT "the value $path of the output pilot of terraform/azure/always is $(printf '%q' "${found:0:80}"), which this step cannot use. Apply terraform/azure/always of this version, then start the run again."
  fi
  printf -v "$into" '%s' "$found"
}

# wait_for WHAT COMMAND... : asks until the command succeeds. Sets nothing; the command may leave its newest answer in `answer`, and a
# better name of what is missing in `what`: both are told where the wait is in vain. It ends early where the stage beside this one has failed, because then nothing more will come.
# The limits count from the script's first second: all waits together have to end before the job's own limit, which says nothing.
answer=''
wait_for() {
  local what="$1" pause="${WAIT_PAUSE_SECONDS:-5}" limit="${WAIT_SECONDS_MAX:-2700}"
  shift
  until "$@"; do
    if apply_failed; then
      fail STANDBY_NOT_BUILT "the stage Infrastructure of this run has failed, so there will be no $what. Its own error is the one to read; start the run again when that is mended."
    fi
    ((SECONDS < limit)) ||
      fail STANDBY_NOT_BUILT "there is no $what $limit s after this step began; the newest answer was: ${answer:-none}. Look at the stage Infrastructure of this run, then start the run again with the same correlation id."
    sleep "$pause"
  done
}
