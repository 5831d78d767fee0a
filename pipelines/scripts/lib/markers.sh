# shellcheck shell=bash
# Small blobs beside the state, by which the runs and the stages of one correlation id know of each other. One says what is done: it
# is written once and never overwritten, and a run that is started twice for the same request finds it and leaves the finished work
# alone. Another says that this run's Terraform has failed, so that the stage beside it waits no longer.

marker_name() { printf '%s/runs/%s/%s.json' "$WORKLOAD" "$CORRELATION_ID" "$ACTION"; }
failure_name() { printf '%s/runs/%s/failed-%s.json' "$WORKLOAD" "$CORRELATION_ID" "${BUILD_BUILDID:-unknown}"; }

blob_exists() {
  az storage blob exists --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" \
    --container-name tfstate --name "$1" --query exists --output tsv
}

# put_blob NAME FILE OPTION... : without --overwrite the upload fails if the blob is there.
put_blob() {
  local name="$1" file="$2"
  shift 2
  az storage blob upload --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" \
    --container-name tfstate --name "$name" --file "$file" --output none "$@"
}

marker_exists() {
  local found
  found="$(blob_exists "$(marker_name)")" ||
    fail STATE_UNREADABLE "the container tfstate in $DATA_ACCOUNT cannot be read, so it is not known what was done before. Nothing was changed. Does the pipeline's identity hold 'Storage Blob Data Contributor' there?"
  case "$found" in
    true) return 0 ;;
    false) return 1 ;;
    *) fail STATE_UNREADABLE "asked whether $(marker_name) exists, the answer was '$found'; expected true or false. Nothing was changed." ;;
  esac
}

write_marker() {
  local run="$1" file
  file="$(mktemp)"
  jq -n --arg run "$run" --arg action "$ACTION" --arg tier "$TIER" '{run: $run, action: $action, tier: $tier}' >"$file"
  # The first run to finish is the one on record.
  put_blob "$(marker_name)" "$file" || marker_exists ||
    fail STATE_UNREADABLE "the work is done, but the marker $(marker_name) could not be written to $DATA_ACCOUNT. A second run of this correlation id will do the work again, which Terraform finds unchanged."
  rm -f "$file"
}

# apply_failed : whether this run's Terraform has said that it failed. What cannot be read is no failure: the wait has a limit of its own.
apply_failed() { [[ "$(blob_exists "$(failure_name)" 2>/dev/null)" == true ]]; }

write_failure() {
  local file
  file="$(mktemp)"
  printf '{}' >"$file"
  put_blob "$(failure_name)" "$file" --overwrite || warn "the stage Restore of this run will not hear at once that Terraform has failed, and ends at its own limit"
  rm -f "$file"
}

# forget_failure : a stage that is run once more by hand has the number of its run again.
forget_failure() {
  if apply_failed; then
    az storage blob delete --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" --container-name tfstate --name "$(failure_name)" --output none ||
      fail STATE_UNREADABLE "the blob $(failure_name) in $DATA_ACCOUNT cannot be deleted, so the stage Restore would end at once. Does the pipeline's identity hold 'Storage Blob Data Contributor' on the container tfstate?"
  fi
}
