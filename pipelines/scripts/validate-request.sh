#!/usr/bin/env bash
# Refuses a run that was asked for something impossible, before it costs anything.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload

# The controller finds its run by this name. The YAML sets it; if an expression in `name:` was not taken,
# it is set here, a few seconds later.
expected="pilotlight-$WORKLOAD-$ACTION-$CORRELATION_ID"
if [[ "${BUILD_BUILDNUMBER:-}" != "$expected" ]]; then
  printf '##vso[build.updatebuildnumber]%s\n' "$expected"
fi
note "Request: $ACTION $WORKLOAD, tier $TIER, correlation id $CORRELATION_ID."
