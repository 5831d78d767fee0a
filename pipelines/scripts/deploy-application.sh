#!/usr/bin/env bash
# Puts the application into the standby's cluster, where Restore mostly has put it already. It does not wait for the pods: they wait for
# the data, and a job that waits for another one could keep the only agent from it. Smoke waits for both.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload

host='' database='' database_cidr='' gateway_cidr='' vault='' address='' tenant='' client=''
read_standby host mysql_fqdn "$HOST_NAME"
read_standby database mysql_database_name '[A-Za-z][A-Za-z0-9_]{0,63}'
read_standby database_cidr mysql_subnet_cidr "$CIDR"
read_standby gateway_cidr gateway_subnet_cidr "$CIDR"
read_standby vault key_vault_name '[A-Za-z0-9-]{3,24}'
read_standby address application_private_ip "$IPV4"
read_standby tenant tenant_id "$UUID"
read_standby client workload_client_id "$UUID"
connect_cluster

# Read by apply_application.
# shellcheck disable=SC2034
APPLICATION=(
  [host]="$host" [database]="$database" [database_cidr]="$database_cidr" [gateway_cidr]="$gateway_cidr"
  [vault]="$vault" [address]="$address" [tenant]="$tenant" [client]="$client"
)
apply_application ||
  fail DEPLOY_REFUSED "the manifests of the application could not be rendered, or the cluster did not take them; the answer is above. If it names SecretProviderClass, the cluster lacks the Key Vault secrets add-on."
if ! kubectl --namespace petclinic wait service/petclinic --for="jsonpath={.status.loadBalancer.ingress[0].ip}=$address" --timeout=600s; then
  events="$(kubectl --namespace petclinic get events --field-selector involvedObject.name=petclinic,involvedObject.kind=Service,type=Warning --output jsonpath='{range .items[*]}{.message}{"; "}{end}' || true)"
  fail NO_LOAD_BALANCER "the internal load balancer did not get $address in 600 s. Its warnings: ${events:-none}. Usual causes: the address is taken, or the cluster's identity lacks 'Network Contributor' on the subnet."
fi
note "The application is applied; its load balancer answers at $address."
