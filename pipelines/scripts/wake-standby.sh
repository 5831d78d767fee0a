#!/usr/bin/env bash
# Wakes a parked standby before Terraform looks at it. The plan of a stopped database fails (409 ServerUnavailableForOperation), and an
# apply would wake the gateway alone; so everything that was built is started here, and Terraform finds it running.
# What was never built is Terraform's work and is left to it. A cluster that Azure has no machines for is made anew, with the size in
# the workload's .tfvars: who expects that puts another size there.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
if [[ "$TIER" != parked ]]; then
  note "The standby is $TIER, not parked: there is nothing to wake."
  exit 0
fi
read_pilot
group='' gateway='' cluster='' server=''
read_pilot_value group names.standby_group "$AZURE_NAME"
read_pilot_value gateway names.application_gateway "$AZURE_NAME"
read_pilot_value cluster names.cluster "$AZURE_NAME"
read_pilot_value server names.mysql_server "$AZURE_NAME"

pause="${WAKE_PAUSE_SECONDS:-15}"
limit="${WAKE_SECONDS_MAX:-900}"

# state_of PART : what the resource itself says, as one word; `absent` where it does not exist.
state_of() {
  local found
  case "$1" in
    gateway) found="$(az network application-gateway show --resource-group "$group" --name "$gateway" --query operationalState --output tsv 2>&1)" || found="failed $found" ;;
    cluster) found="$(az aks show --resource-group "$group" --name "$cluster" --query "join('/', [powerState.code, provisioningState])" --output tsv 2>&1)" || found="failed $found" ;;
    database) found="$(az mysql flexible-server show --resource-group "$group" --name "$server" --query state --output tsv 2>&1)" || found="failed $found" ;;
  esac
  case "$found" in
    *ResourceNotFound* | *'was not found'*) printf absent ;;
    Running | Running/Succeeded | Ready) printf awake ;;
    # Of a start that Azure had no machines for only this is left.
    Stopped/Failed) printf refused ;;
    Stopped | Stopped/*) printf stopped ;;
    *) printf '%s' "${found:0:120}" ;;
  esac
}

# start PART : asks and does not wait. What Azure answers is told, and counts for nothing: the state decides.
start() {
  case "$1" in
    gateway) az network application-gateway start --resource-group "$group" --name "$gateway" --no-wait --only-show-errors ;;
    cluster) az aks start --resource-group "$group" --name "$cluster" --no-wait --only-show-errors ;;
    database) az mysql flexible-server start --resource-group "$group" --name "$server" --no-wait --only-show-errors ;;
  esac || warn "the start of the $1 was not taken; it is asked again"
}

declare -A tried=([gateway]=0 [cluster]=0 [database]=0)
asleep=()
while :; do
  asleep=()
  for part in gateway cluster database; do
    state="$(state_of "$part")"
    case "$state" in
      awake | absent) continue ;;
      refused) if ((tried[$part] > 1)); then asleep+=("$part"); continue; fi ;&
      stopped)
        tried[$part]=$((tried[$part] + 1))
        note "The $part is stopped and is being started."
        start "$part"
        ;;
    esac
    asleep+=("$part ($state)")
  done
  # A cluster that was refused twice is not waited for.
  [[ "${#asleep[@]}" -gt 0 && "${asleep[*]}" != cluster ]] || break
  if ((SECONDS >= limit)); then break; fi
  sleep "$pause"
done

for part in "${asleep[@]}"; do
  case "$part" in
    cluster*)
      warn "the cluster does not wake: it is made anew by this run. It gets the size in pipelines/workloads/$WORKLOAD.tfvars; if that is refused too, put another vm_size there."
      set_variable REPLACE_CLUSTER true
      ;;
    database*) fail STANDBY_ASLEEP "the database $server does not wake within $limit s, and no plan can be made of a server that is stopped. Start it by hand (az mysql flexible-server start --resource-group $group --name $server), then start the run again." ;;
    gateway*) warn "the gateway does not wake; the apply starts it, or says why it cannot." ;;
  esac
done
note "What was built of the standby is awake."
