#!/usr/bin/env bash
# Runs Terraform for one request and publishes what it built.
# Called by a Bash step on purpose. On a cancel the agent sends SIGINT to a Bash step's script, but kills the child of an
# AzureCLI step without a word, and a Terraform that dies so leaves the state locked.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
root="$REPOSITORY/terraform/azure/failover"
log="${AGENT_TEMPDIRECTORY:-/tmp}/terraform.log"
: >"$log"
export_sign_in
export TF_IN_AUTOMATION=true TF_INPUT=false

# Terraform in a process group of its own, so that it hears one SIGINT from us and not a second one from a terminal:
# the second would make it stop at once, without saving.
terraform_pid='' begun=false cancelled=false handed_on=false
interrupt() {
  warn "cancelled: Terraform was asked to stop; it finishes the current operations, saves the state and frees the lock"
  cancelled=true
  if [[ -n "$terraform_pid" ]]; then hand_on; fi
}
hand_on() {
  handed_on=true
  kill -INT "$terraform_pid" 2>/dev/null || true
}
trap interrupt INT TERM

terraform_here() {
  local status=0 tee_pid out
  begun=false
  if [[ "$cancelled" == true ]]; then return 130; fi
  # What Terraform prints holds names from outside; the agent would obey a command anywhere in a line.
  exec {out}> >(sed -u 's/##vso\[/##-vso[/g' | tee -a "$log")
  tee_pid=$!
  set -m
  terraform -chdir="$root" "$@" >&"$out" 2>&1 &
  terraform_pid=$! begun=true
  set +m
  # A signal that came before Terraform had a number was handed on to nobody.
  if [[ "$cancelled" == true && "$handed_on" == false ]]; then hand_on; fi
  # Not by `wait`: bash 5.2 waits on for a child that ended in the moment of a signal (11 of 60 tries), and a signal makes it return early.
  while kill -0 "$terraform_pid" 2>/dev/null; do sleep 0.2 || true; done
  wait "$terraform_pid" || status=$?
  terraform_pid='' handed_on=false
  # The log is read next, so it has to be complete first.
  exec {out}>&-
  wait "$tee_pid" || true
  return "$status"
}

report_lock() {
  local id who created operation age
  id="$(sed -n 's/^.*ID: *\([A-Za-z0-9-]*\).*$/\1/p' "$log" | head -n 1)"
  who="$(sed -n 's/^.*Who: *\(.*\)$/\1/p' "$log" | head -n 1)"
  operation="$(sed -n 's/^.*Operation: *\(.*\)$/\1/p' "$log" | head -n 1)"
  created="$(sed -n 's/^.*Created: *\([0-9-]* [0-9:]*\).*$/\1/p' "$log" | head -n 1)"
  age='of unknown age'
  if [[ -n "$created" ]]; then
    local minutes=$((($(date -u +%s) - $(date -u -d "$created" +%s)) / 60))
    # No run of this pipeline holds the lock longer than its job may last: 50 minutes, and 10 to end when cancelled.
    if ((minutes > 60)); then age="STALE, $minutes minutes old"; else age="$minutes minutes old"; fi
  fi
  fail STATE_LOCKED "the state $WORKLOAD/failover.tfstate is locked ($age) by ${who:-somebody} for ${operation:-an operation} since ${created:-an unknown time} UTC, lock id ${id:-unknown}. It was not broken. If that run is still going, wait for it. If it is gone, make sure that nobody runs Terraform, then: terraform -chdir=terraform/azure/failover force-unlock ${id:-LOCK_ID} (docs/azure-setup.md, 'A stale lock')."
}

report_failure() {
  local step="$1" first
  if [[ "$begun" == false ]]; then fail CANCELLED "cancelled before terraform $step had begun: nothing was changed. A new run begins anew."; fi
  if grep -q 'Error acquiring the state lock' "$log"; then report_lock; fi
  first="$(grep -m 1 'Error: ' "$log" | sed 's/^.*Error: //' | cut -c 1-300 || true)"
  if grep -Eq 'AllocationFailed|OverconstrainedAllocationRequest|ZonalAllocationFailed' "$log"; then
    fail CAPACITY_REFUSED "Azure has no free machines of this size in this region now. Choose another vm_size or region in the variables of terraform/azure/failover, or try again. First error: $first"
  elif grep -Eq 'SkuNotAvailable|NotAvailableForSubscription' "$log"; then
    fail SKU_NOT_AVAILABLE "this subscription may not use that size in this region. Choose another one, or ask Azure support to open it. First error: $first"
  elif grep -Eq 'QuotaExceeded|exceeding approved .* quota|ErrCode_InsufficientVCPUQuota' "$log"; then
    fail QUOTA_EXCEEDED "the subscription's quota is too small for the standby. Ask for more cores in the region (portal, Quotas). First error: $first"
  fi
  fail TERRAFORM_FAILED "terraform $step ended with an error: ${first:-no line with 'Error:' was printed}. What was built is in the state; a new run goes on from there."
}

arguments=(-no-color -lock-timeout="${LOCK_SECONDS:-60}s" -var "workload=$WORKLOAD" -var "tier=$TIER" -var "state_storage_account=$DATA_ACCOUNT")
# Sizes and versions of this workload, where the defaults are not right for it.
variables="$PIPELINES/workloads/$WORKLOAD.tfvars"
if [[ -f "$variables" ]]; then arguments+=("-var-file=$variables"); fi

# A parked cluster that Azure would not start is made anew (wake-standby.sh).
if [[ "${REPLACE_CLUSTER:-false}" == true && "$ACTION" != destroy ]]; then
  arguments+=('-replace=module.standby.module.aks.azurerm_kubernetes_cluster.this')
fi

await_providers "$root"
terraform_here init -no-color -reconfigure \
  -backend-config="storage_account_name=$DATA_ACCOUNT" -backend-config='container_name=tfstate' \
  -backend-config="key=$WORKLOAD/failover.tfstate" -backend-config="use_oidc=$ARM_USE_OIDC" -backend-config='use_azuread_auth=true' ||
  report_failure init

if [[ "${ALREADY_DONE:-false}" == true ]]; then
  note "Nothing to $ACTION: this correlation id did it before."
else
  case "$ACTION" in
    plan) terraform_here plan "${arguments[@]}" || report_failure plan ;;
    # More than the default of ten at once: the cluster, the gateway and the database have no need to wait for each other.
    apply) terraform_here apply -auto-approve -parallelism=30 "${arguments[@]}" || report_failure apply ;;
    destroy) terraform_here destroy -auto-approve -parallelism=30 "${arguments[@]}" || report_failure destroy ;;
  esac
fi
if [[ "$ACTION" != apply ]]; then exit 0; fi

# Sensitive outputs stay behind: what is published here can be read by everybody who can read the run.
outputs="$(terraform -chdir="$root" output -json -no-color | jq -c 'with_entries(select(.value.sensitive | not) | .value = .value.value)')" ||
  fail NO_OUTPUT "the outputs of terraform/azure/failover could not be read after the apply. A new run of the same correlation id reads them again."
if [[ "$(jq -r '.aks_cluster_name // ""' <<<"$outputs")" == '' ]]; then
  fail NO_OUTPUT "the state of $WORKLOAD names no cluster. If the standby was destroyed since this correlation id was applied, start a run with a new correlation id."
fi
set_output standby "$outputs"
