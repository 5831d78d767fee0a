# shellcheck shell=bash
# The application in the standby's cluster. Restore puts it there as soon as there is a cluster, so that nodes pull the images and the load
# balancer gets its address while the gateway is still being built; Deploy does the same again once Terraform is done, and waits for it.

# What both fill in, by name: host, database, database_cidr, gateway_cidr, vault, address, tenant, client.
declare -A APPLICATION=()

# apply_application : renders the manifests with the settings in APPLICATION and hands them to the cluster that kubectl talks to. False
# where either failed; what was wrong has been said by then. It checks each step itself: `set -e` is off inside a condition.
apply_application() {
  local manifests status=0
  manifests="$(mktemp)" || return 1
  "$PIPELINES/scripts/render-manifests.sh" overlays/azure >"$manifests" <<SETTINGS || status=1
databaseUrl=jdbc:mysql://${APPLICATION[host]}:3306/${APPLICATION[database]}?sslMode=REQUIRED
databaseHost=${APPLICATION[host]}
databaseUser=$DATABASE_USER
databaseCidr=${APPLICATION[database_cidr]}
ingressCidr=${APPLICATION[gateway_cidr]}
keyVaultName=${APPLICATION[vault]}
loadBalancerIp=${APPLICATION[address]}
tenantId=${APPLICATION[tenant]}
workloadClientId=${APPLICATION[client]}
SETTINGS
  # Server-side: a field that the autoscaler owns stays the autoscaler's, and a second run changes nothing.
  if ((status == 0)); then
    kubectl apply --server-side --force-conflicts --request-timeout=60s --filename "$manifests" || status=1
  fi
  rm -f "$manifests"
  return "$status"
}

# read_early_settings HOST : APPLICATION from what was known before anything was built (read_pilot), and the database's host.
read_early_settings() {
  local database='' database_cidr='' gateway_cidr='' vault_id='' address='' tenant='' client=''
  read_pilot_value database names.database '[A-Za-z][A-Za-z0-9_]{0,63}'
  read_pilot_value database_cidr subnet_cidrs.database "$CIDR"
  read_pilot_value gateway_cidr subnet_cidrs.gateway "$CIDR"
  read_pilot_value vault_id vault_id '/[A-Za-z0-9._()/-]+/vaults/[A-Za-z0-9-]{3,24}'
  read_pilot_value address ingress_ip "$IPV4"
  read_pilot_value tenant tenant_id "$UUID"
  read_pilot_value client identities.application.client_id "$UUID"
  APPLICATION=(
    [host]="$1" [database]="$database" [database_cidr]="$database_cidr" [gateway_cidr]="$gateway_cidr"
    [vault]="${vault_id##*/}" [address]="$address" [tenant]="$tenant" [client]="$client"
  )
}

# put_application_early HOST : only where the application is not there yet; one that runs is Deploy's to change. It gives a start ahead
# and no more: whatever goes wrong is a warning, because Deploy does it again and reports it.
put_application_early() {
  local said
  if kubectl --namespace petclinic get deployment petclinic --output name >/dev/null 2>&1; then
    note "The application is in the cluster already; Deploy looks after it."
    return 0
  fi
  if said="$( (read_early_settings "$1" && apply_application) 2>&1)"; then
    note "The application is in the cluster. Its pods wait for the data."
  else
    # Without the mark of an error: to whoever reads the run's timeline it would be a failure of this stage.
    said="${said//'##vso[task.logissue type=error]'/}"
    warn "the application could not be put into the cluster ahead of Deploy, which does it again: $(tail -n 1 <<<"$said" | cut -c 1-300)"
  fi
}
