#!/usr/bin/env bash
# Restores the database of the standby: proves the backup whole on the agent, then streams it into a pod inside the
# network, where load-backup.sh loads it. The password never leaves the cluster and the database has no public address.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
REPLACE_DATA="${REPLACE_DATA,,}"
require_match REPLACE_DATA 'true|false' 'true or false'
require_match BUILD_BUILDID '[0-9]{1,12}' 'the number of this run'

host='' administrator='' DATABASE='' database_cidr='' vault='' tenant='' client=''
read_standby host mysql_fqdn "$HOST_NAME"
read_standby administrator mysql_administrator_login '[A-Za-z][A-Za-z0-9_]{0,31}'
read_standby DATABASE mysql_database_name '[A-Za-z][A-Za-z0-9_]{0,63}'
read_standby database_cidr mysql_subnet_cidr "$CIDR"
read_standby vault key_vault_name '[A-Za-z0-9-]{3,24}'
read_standby tenant tenant_id "$UUID"
read_standby client restore_client_id "$UUID"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
# The cluster first: fetching a large backup can outlast the sign-in that both need.
connect_cluster
"$PIPELINES/scripts/select-backup.sh" "$folder"

pod="restore-$BUILD_BUILDID"
"$PIPELINES/scripts/render-manifests.sh" restore >"$folder/manifests.yaml" <<SETTINGS
administratorUser=$administrator
databaseCidr=$database_cidr
databaseHost=$host
databaseUser=$DATABASE_USER
keyVaultName=$vault
podName=$pod
tenantId=$tenant
workloadClientId=$client
SETTINGS
in_restore() { kubectl --namespace pilotlight-restore "$@"; }

# A retried job has the same run number, and a pod cannot be changed: the old one goes first.
in_restore delete pod "$pod" --ignore-not-found --wait --timeout=120s
kubectl apply --filename "$folder/manifests.yaml"
if ! in_restore wait "pod/$pod" --for=condition=Ready --timeout=300s; then
  events="$(in_restore get events --field-selector "involvedObject.name=$pod,type=Warning" --output jsonpath='{range .items[*]}{.reason}: {.message}{"; "}{end}' || true)"
  fail RESTORE_POD_NOT_READY "the pod $pod did not get ready in 300 s. Its warnings: ${events:-none}. Usual causes: the vault has no secret mysql-administrator-password or petclinic-database-password, or no node is free."
fi

# `env` hands the values over as arguments of their own: nothing here is read by a shell inside the pod.
status=0
in_restore exec --stdin "$pod" -- env "CORRELATION_ID=$CORRELATION_ID" "DATABASE=$DATABASE" "REPLACE_DATA=$REPLACE_DATA" \
  "BACKUP_SHA256=$(jq -r .sha256 "$folder/selected.json")" "BACKUP_CREATED_AT=$(jq -r .createdAt "$folder/selected.json")" \
  /bin/bash /scripts/load-backup.sh <"$folder/dump.sql.gz" || status=$?
in_restore delete pod "$pod" --ignore-not-found --wait=false
((status == 0)) || fail RESTORE_FAILED "the restore of $DATABASE ended with status $status; the line above says why. Run again with the same correlation id: an unfinished load begins again from an empty database."
