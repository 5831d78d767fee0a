#!/usr/bin/env bash
# Looks at the backup while the infrastructure is being built: a bad one is known ten minutes before Restore needs it.
# It only warns. Restore checks again and is the one to refuse, so that a failure is told under the right stage.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
status=0
answer="$("$PIPELINES/scripts/select-backup.sh" "$folder" 2>&1)" || status=$?
if ((status == 0)); then
  note "$(tail -n 1 <<<"$answer")"
else
  warn "Restore will stop: $(sed -n 's/^##vso\[task.logissue type=error\]//p' <<<"$answer" | head -n 1)"
fi
