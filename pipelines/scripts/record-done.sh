#!/usr/bin/env bash
# Writes down that this correlation id has done its action, so that a second run of it does not do it again.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
write_marker "${BUILD_BUILDID:-unknown}"
note "Recorded: $ACTION of $WORKLOAD for $CORRELATION_ID."
