#!/usr/bin/env bash
# Tells the stage beside this one that Terraform has failed: it waits for a cluster and a database that will not come.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

require_request
read_workload
write_failure
