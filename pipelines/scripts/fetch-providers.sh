#!/usr/bin/env bash
# Begins to fetch Terraform's provider and does not wait for it: the job signs in meanwhile, and run-terraform.sh waits for what is left.
# It needs no sign-in. Where it comes to nothing, Terraform's own init fetches the provider, and only time is lost.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
root="$REPOSITORY/terraform/azure/failover"
exec {held}>"$(providers_file lock)"
flock "$held"
rm -f "$(providers_file fetched)"
# It inherits the lock, which goes with it however it ends. It holds no output of this step, because the agent waits for that.
# shellcheck disable=SC2016
setsid --fork bash -c 'if timeout "$1" terraform -chdir="$2" init -backend=false -input=false -no-color; then : >"$3"; fi' \
  fetch "${FETCH_SECONDS_MAX:-60}" "$root" "$(providers_file fetched)" </dev/null >"$(providers_file log)" 2>&1 ||
  warn "the provider is not fetched ahead; Terraform's init fetches it"
note "The provider is being fetched; the log is $(providers_file log)."
