#!/usr/bin/env bash
# Asks the standby what a user would ask, through its gateway: is it ready, does it say that it is the standby, and does a
# page that reads the database come. Only then may the controller think of switching.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
domain='' vault=''
read_standby domain standby_domain_name "$HOST_NAME"
read_standby vault key_vault_name '[A-Za-z0-9-]{3,24}'
connect_cluster
if ! kubectl --namespace petclinic rollout status deployment/petclinic --timeout=600s; then
  pods="$(kubectl --namespace petclinic get pods --output jsonpath='{range .items[*]}{.metadata.name}: {.status.phase} {.status.containerStatuses[*].state.waiting.reason}{"; "}{end}' || true)"
  fail APPLICATION_NOT_READY "the application did not get ready in 600 s: ${pods:-no pod}. Look at the logs: kubectl --namespace petclinic logs deployment/petclinic --all-containers."
fi

# Five minutes, asked often: users are behind the maintenance page.
tries="${SMOKE_TRIES:-100}"
pause_seconds="${SMOKE_PAUSE_SECONDS:-3}"
body="$(mktemp)"
trap 'rm -f "$body"' EXIT

# The gateway serves only who shows the edge's secret. It is fetched for this run, masked in the log, and handed to curl in
# a file, because arguments can be read in the process list. During a rotation there are two values; the first one is good.
secret="$(az keyvault secret show --vault-name "$vault" --name origin-secret --query value --output tsv)" ||
  fail NO_ORIGIN_SECRET "the secret origin-secret of the vault $vault cannot be read. Does the pipeline's identity hold 'Key Vault Secrets User' on it?"
secret="${secret%%,*}"
[[ "$secret" =~ ^[A-Za-z0-9_-]{32,128}$ ]] ||
  fail NO_ORIGIN_SECRET "origin-secret in $vault is not 32 to 128 letters, digits, hyphens and underscores. Set it with terraform/azure/always."
printf '##vso[task.setsecret]%s\n' "$secret"
header="$(mktemp)"
trap 'rm -f "$body" "$header"' EXIT
printf 'header = "x-pilotlight-origin-secret: %s"\n' "$secret" >"$header"

# get PATH : sets `status`. No redirects: a gateway that sends its users elsewhere is not a standby that works.
get() {
  status="$(curl --config "$header" --silent --show-error --max-time 10 --proto '=https' --output "$body" --write-out '%{http_code}' "https://$domain$1" 2>/dev/null)" || status=000
}

# A gateway needs a few probes of its own before it believes in a new backend, so the first answers may be 502.
ready() {
  get /actuator/health/readiness
  why="/actuator/health/readiness answered $status"
  [[ "$status" == 200 ]] && jq -e '.status == "UP"' "$body" >/dev/null 2>&1 || return 1
  get /actuator/info
  why="/actuator/info answered $status, and not as the standby"
  [[ "$status" == 200 ]] && jq -e '.pilotlight.origin == "standby"' "$body" >/dev/null 2>&1 || return 1
  get '/owners?lastName='
  why="/owners, which reads the database, answered $status"
  [[ "$status" == 200 ]]
}

why='nothing was asked'
for ((attempt = 1; attempt <= tries; attempt++)); do
  if ready; then
    note "The standby answers at https://$domain: ready, origin standby, data readable (attempt $attempt)."
    exit 0
  fi
  note "attempt $attempt of $tries: $why"
  ((attempt == tries)) || sleep "$pause_seconds"
done
fail SMOKE_FAILED "https://$domain is not fit for users: $why (000 means no answer at all, a bad certificate among others). Look at the backend health of the Application Gateway, then at the application's logs."
