#!/usr/bin/env bash
# The stage Infrastructure in a container: what failover.yml does in steps of its own. Its scripts are the same.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

scripts="$PIPELINES/scripts"
"$scripts/validate-request.sh"
require_request
read_workload

if [[ "$ACTION" == apply ]]; then forget_failure; fi
ALREADY_DONE=false
if [[ "$ACTION" != plan ]] && marker_exists; then
  note "Correlation id $CORRELATION_ID has already done '$ACTION' for $WORKLOAD; the infrastructure is left as it is."
  ALREADY_DONE=true
fi
export ALREADY_DONE

# The signal goes to the whole group: Terraform's script has it too, and this one must outlive it to save a state that is left.
stopped=false
trap 'stopped=true' TERM INT
status=0
if [[ "$TIER" == parked && "$ALREADY_DONE" == false ]]; then
  said="$(mktemp)"
  "$scripts/wake-standby.sh" | tee "$said" || status=$?
  # What a step of the pipeline hands to the next by a line of its log.
  REPLACE_CLUSTER="$(sed -n 's/^##vso\[task\.setvariable variable=REPLACE_CLUSTER\]//p' "$said" | tail -n 1)"
  export REPLACE_CLUSTER
  rm -f "$said"
fi
if ((status == 0)); then "$scripts/run-terraform.sh" || status=$?; fi
if ((status == 0)); then
  if [[ "$ACTION" != plan && "$ALREADY_DONE" == false ]]; then "$scripts/record-done.sh"; fi
  exit 0
fi
"$scripts/save-state.sh" || true
if [[ "$stopped" == false ]]; then "$scripts/record-failed.sh"; fi
exit "$status"
