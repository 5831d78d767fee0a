#!/usr/bin/env bash
# Hands the service connection's identity to the step that runs Terraform. Only identifiers: the token itself is
# fetched by Terraform from the agent, again each time one ends, so a long apply does not run out of it.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload

# The AzureCLI task sets these three; an old task, or a connection that holds a secret, does not.
require_match AZURESUBSCRIPTION_CLIENT_ID "$UUID" 'the client id of a service connection with workload identity federation'
require_match AZURESUBSCRIPTION_TENANT_ID "$UUID" 'the tenant id of a service connection with workload identity federation'
require_match AZURESUBSCRIPTION_SERVICE_CONNECTION_ID "$UUID" 'the id of a service connection with workload identity federation'
subscription="$(az account show --query id --output tsv)" ||
  fail NOT_SIGNED_IN "the Azure CLI is not signed in. Is the service connection allowed to use this subscription?"
[[ "$subscription" =~ ^$UUID$ ]] || fail NOT_SIGNED_IN "the Azure CLI named no subscription. Is the service connection bound to one?"

set_variable ARM_CLIENT_ID "$AZURESUBSCRIPTION_CLIENT_ID"
set_variable ARM_TENANT_ID "$AZURESUBSCRIPTION_TENANT_ID"
set_variable ARM_SUBSCRIPTION_ID "$subscription"
# Without it the provider silently takes GitHub's way of asking for a token, and fails with a message about GitHub.
set_variable ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID "$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"

if [[ "$ACTION" == apply ]]; then forget_failure; fi
if [[ "$ACTION" != plan ]] && marker_exists; then
  note "Correlation id $CORRELATION_ID has already done '$ACTION' for $WORKLOAD; the infrastructure is left as it is."
  set_variable ALREADY_DONE true
else
  set_variable ALREADY_DONE false
fi
