#!/usr/bin/env bash
# After a failed or cancelled Terraform: a state that could not be written to the backend is on this agent's disk, and the
# agent is thrown away in a minute. Without it the next run would try to build again what is already there.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
root="$REPOSITORY/terraform/azure/failover"
if [[ ! -s "$root/errored.tfstate" ]]; then
  note "Terraform left no unsaved state behind."
  exit 0
fi
export_sign_in
if terraform -chdir="$root" state push -no-color -lock-timeout=60s errored.tfstate; then
  rm -f "$root/errored.tfstate"
  warn "Terraform could not save its state at first; it is saved now. The next run goes on from there."
else
  fail STATE_NOT_SAVED "the state of $WORKLOAD could not be saved. Run the pipeline again at once: resources that Azure has and the state does not know are named in its errors, and 'terraform import' brings them in (docs/azure-setup.md, 'A state that was not saved')."
fi
