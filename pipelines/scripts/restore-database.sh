#!/usr/bin/env bash
# Brings the data into the standby's database: waits for the database and the cluster, which Terraform is building meanwhile, and starts
# the mover in the cluster, where the database can be reached. The mover loads the newest dump, replays the log since and goes on with
# what is shipped; this step is done when it has caught up. Dump, log and passwords never pass the agent. Beside the mover it puts the
# application into the cluster, so that Deploy finds its images pulled.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
REPLACE_DATA="${REPLACE_DATA,,}"
BACKUP="${BACKUP:-newest}"
add_fault "$(value_fault REPLACE_DATA 'true|false' 'true or false')"
add_fault "$(value_fault BACKUP 'newest|[0-9]{8}T[0-9]{6}Z' 'newest, or the UTC timestamp of one dump like 20261127T030000Z')"
stop_at_faults

group='' server='' cluster='' DATABASE='' database_cidr='' vault_id='' tenant='' client='' identity_id='' pilot_group=''
read_pilot
read_pilot_value group names.standby_group "$AZURE_NAME"
read_pilot_value pilot_group names.pilot_group "$AZURE_NAME"
read_pilot_value cluster names.cluster "$AZURE_NAME"
read_pilot_value server names.mysql_server '[a-z0-9-]{3,63}'
read_pilot_value DATABASE names.database '[A-Za-z][A-Za-z0-9_]{0,63}'
read_pilot_value database_cidr subnet_cidrs.database "$CIDR"
read_pilot_value vault_id vault_id '/[A-Za-z0-9._()/-]+/vaults/[A-Za-z0-9-]{3,24}'
read_pilot_value tenant tenant_id "$UUID"
read_pilot_value client identities.restore.client_id "$UUID"
read_pilot_value identity_id identities.restore.id '/[A-Za-z0-9._()/-]+/userAssignedIdentities/[A-Za-z0-9_-]{3,128}'

# Terraform makes the application's database last of all that it does to the server, so nothing of ours meets a change of its own.
database_there() {
  answer="$(az mysql flexible-server show --only-show-errors --resource-group "$group" --name "$server" \
    --query '{state: state, host: fullyQualifiedDomainName, login: administratorLogin}' --output json 2>&1)" || return 1
  [[ "$(jq -r '.state // ""' <<<"$answer" 2>/dev/null)" == Ready ]] || return 1
  found="$answer"
  answer="$(az mysql flexible-server db show --only-show-errors --resource-group "$group" --server-name "$server" --database-name "$DATABASE" --query name --output tsv 2>&1)"
}

# A cluster that was built anew is a new issuer, and until Entra ID trusts it the pod gets neither its secrets nor the store.
cluster_there() {
  local issuer trusted
  answer="$(az aks show --only-show-errors --resource-group "$group" --name "$cluster" \
    --query '{state: provisioningState, power: powerState.code, issuer: oidcIssuerProfile.issuerUrl}' --output json 2>&1)" || return 1
  [[ "$(jq -r '"\(.state) \(.power)"' <<<"$answer" 2>/dev/null)" == 'Succeeded Running' ]] || return 1
  issuer="$(jq -r '.issuer // ""' <<<"$answer")"
  trusted="$(az identity federated-credential show --only-show-errors --resource-group "$pilot_group" \
    --identity-name "${identity_id##*/}" --name pods-restore --query issuer --output tsv 2>&1)" || { answer="$trusted"; return 1; }
  answer="the identity ${identity_id##*/} trusts $trusted, and the cluster is $issuer"
  [[ -n "$issuer" && "$trusted" == "$issuer" ]]
}

# standby_there : one look at what is missing still. Whichever is there first is made ready while the other one is being built.
found='' preparing='' prepared=false connected=false
standby_there() {
  local missing='' said=''
  if [[ -z "$preparing" ]]; then
    if database_there; then
      "$PIPELINES/scripts/prepare-database.sh" "$group" "$server" &
      preparing=$!
    else
      missing="database $server" said="$answer"
    fi
  elif [[ "$prepared" == false ]] && ! kill -0 "$preparing" 2>/dev/null; then
    # It has said what is wrong; a cluster would not help.
    wait "$preparing" || exit 1
    prepared=true
  fi
  if [[ "$connected" == false ]]; then
    if cluster_there; then
      # Read by connect_cluster, as what Terraform puts out elsewhere.
      STANDBY="$(jq -nc --arg group "$group" --arg cluster "$cluster" '{resource_group: $group, aks_cluster_name: $cluster}')"
      connect_cluster
      connected=true
    elif [[ -z "$missing" ]]; then
      missing="cluster $cluster that may read the vault and the store" said="$answer"
    fi
  fi
  # Both are wait_for's, for what it says where the wait is in vain.
  # shellcheck disable=SC2034
  what="$missing" answer="$said"
  [[ -z "$missing" ]]
}
export STANDBY
wait_for "database $server and no cluster $cluster" standby_there
host="$(jq -r '.host // ""' <<<"$found")" administrator="$(jq -r '.login // ""' <<<"$found")"
add_fault "$(value_fault host "$HOST_NAME" 'the host name of the database server')"
add_fault "$(value_fault administrator '[A-Za-z][A-Za-z0-9_]{0,31}' "the server's administrator")"
stop_at_faults

manifests="$(mktemp)"
trap 'rm -f "$manifests"' EXIT
"$PIPELINES/scripts/render-manifests.sh" restore >"$manifests" <<SETTINGS
administratorUser=$administrator
backup=$BACKUP
correlationId=$CORRELATION_ID
dataAccount=$DATA_ACCOUNT
databaseCidr=$database_cidr
databaseHost=$host
databaseUser=$DATABASE_USER
keyVaultName=${vault_id##*/}
replaceData=$REPLACE_DATA
tenantId=$tenant
workload=$WORKLOAD
workloadClientId=$client
SETTINGS
kubectl apply --server-side --force-conflicts --filename "$manifests" ||
  fail RESTORE_FAILED "the cluster did not take the manifests of the restore; its answer is above. If it names SecretProviderClass, the cluster lacks the Key Vault secrets add-on."
forget_ended
put_application_early "$host"
# The mover's pod is there and waits for it, too (k8s/restore).
[[ "$prepared" == true ]] || wait "$preparing" || exit 1
wait_for_mover
