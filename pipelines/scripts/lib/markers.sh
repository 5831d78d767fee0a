# shellcheck shell=bash
# Which steps a correlation id has already done. A marker is a small blob beside the state, written once and never
# overwritten: a run that is started twice for the same request finds it and leaves the finished work alone.

marker_name() { printf '%s/runs/%s/%s.json' "$WORKLOAD" "$CORRELATION_ID" "$ACTION"; }

marker_exists() {
  local answer
  answer="$(az storage blob exists --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" \
    --container-name tfstate --name "$(marker_name)" --query exists --output tsv)" ||
    fail STATE_UNREADABLE "the container tfstate in $DATA_ACCOUNT cannot be read, so it is not known what was done before. Nothing was changed. Does the pipeline's identity hold 'Storage Blob Data Contributor' there?"
  case "$answer" in
    true) return 0 ;;
    false) return 1 ;;
    *) fail STATE_UNREADABLE "asked whether $(marker_name) exists, the answer was '$answer'; expected true or false. Nothing was changed." ;;
  esac
}

write_marker() {
  local run="$1" file
  file="$(mktemp)"
  jq -n --arg run "$run" --arg action "$ACTION" --arg tier "$TIER" '{run: $run, action: $action, tier: $tier}' >"$file"
  # Without --overwrite the upload fails if the blob is there: the first run to finish is the one on record.
  az storage blob upload --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" \
    --container-name tfstate --name "$(marker_name)" --file "$file" --output none || marker_exists ||
    fail STATE_UNREADABLE "the work is done, but the marker $(marker_name) could not be written to $DATA_ACCOUNT. A second run of this correlation id will do the work again, which Terraform finds unchanged."
  rm -f "$file"
}
