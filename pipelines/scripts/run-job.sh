#!/usr/bin/env bash
# The second runner: the stages of failover.yml in a container of Azure Container Apps, with the same scripts, the same Terraform, state and
# lock. It needs nothing of Azure DevOps. Its container is started with the request in its environment: ACTION, WORKLOAD, CORRELATION_ID, TIER,
# BACKUP, REPLACE_DATA; terraform/modules/container-job sets the rest.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"
# shellcheck source=lib/stages.sh
source "$PIPELINES/scripts/lib/stages.sh"

export TIER="${TIER:-cold}" BACKUP="${BACKUP:-newest}" REPLACE_DATA="${REPLACE_DATA:-false}"
require_request
read_workload
add_fault "$(value_fault IDENTITY_CLIENT_ID "$UUID" 'the client id of the identity of the pipeline')"
add_fault "$(value_fault TENANT_ID "$UUID" 'the Entra tenant')"
add_fault "$(value_fault SUBSCRIPTION_ID "$UUID" 'the subscription of the standby')"
stop_at_faults

# What an agent of Azure DevOps would set: the run's id and name, and the way in. Terraform goes by the Azure CLI's sign-in: azurerm 4.73 asks
# a container's endpoint for a token without the header that this wants (hashicorp/terraform-provider-azurerm#33001), and the CLI sends it.
export BUILD_BUILDID="${CONTAINER_APP_JOB_EXECUTION_NAME:-container}" BUILD_BUILDNUMBER="pilotlight-$WORKLOAD-$ACTION-$CORRELATION_ID"
export RUNNER=container-job ARM_TENANT_ID="$TENANT_ID" ARM_SUBSCRIPTION_ID="$SUBSCRIPTION_ID"
# Another runner that nobody can see may hold the lock still: it is waited for longer than an agent would, and then found done.
export LOCK_SECONDS="${LOCK_SECONDS:-600}"
STAGE_LOGS="$(mktemp -d)"

# A container may be there before its identity is.
sign_in() {
  local attempt
  for ((attempt = 1; attempt <= 6; attempt++)); do
    if az login --identity --client-id "$IDENTITY_CLIENT_ID" --allow-no-subscriptions --output none &&
      az account set --subscription "$SUBSCRIPTION_ID"; then return 0; fi
    sleep "${SIGN_IN_PAUSE_SECONDS:-10}"
  done
  fail NOT_SIGNED_IN "the container cannot sign in as the identity $IDENTITY_CLIENT_ID in the subscription $SUBSCRIPTION_ID. Is it an identity of the job, and does it hold its roles (apply terraform/azure/always)?"
}

# Job control: without it what runs beside us would ignore the signal that a terminal sends, and so would Terraform below it.
set -m
STOPPED=false
stop() {
  local name
  STOPPED=true
  warn "the container is stopped: Terraform finishes the current operations, saves the state and frees the lock, as far as it is given the time"
  for name in "${!STAGE_PID[@]}"; do tell_stage "$name"; done
}
trap stop TERM INT

sign_in
listen_for_stop "$$" &
listener=$!
trap 'kill -- "-$listener" 2>/dev/null || true' EXIT
note "Request: $ACTION $WORKLOAD, tier $TIER, correlation id $CORRELATION_ID, execution $BUILD_BUILDID."
scripts="$PIPELINES/scripts"
if [[ "$ACTION" != apply ]]; then
  STAGES=(Infrastructure)
  begin_stage Infrastructure 3000 "$scripts/apply-infrastructure.sh"
  end_stage Infrastructure
  exit
fi

begin_stage Infrastructure 3000 "$scripts/apply-infrastructure.sh"
begin_stage Restore 3480 "$scripts/restore-database.sh"
good=true
if end_stage Infrastructure; then
  STANDBY="$(stage_output Infrastructure standby)"
  export STANDBY
  begin_stage Deploy 1200 "$scripts/deploy-application.sh"
  end_stage Deploy || good=false
else
  skip_stage Deploy
  good=false
fi
end_stage Restore || good=false
if [[ "$good" == true ]]; then
  begin_stage Smoke 1200 "$scripts/smoke-test.sh"
  end_stage Smoke || good=false
else
  skip_stage Smoke
  tell_progress
fi
[[ "$good" == true ]]
