# shellcheck shell=bash
# Loaded by every script: strict mode is the script's own first line, so that reading the script shows it.
PIPELINES="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
REPOSITORY="$(cd "$PIPELINES/.." && pwd)"
export PIPELINES REPOSITORY
# shellcheck source=messages.sh
source "$PIPELINES/scripts/lib/messages.sh"
# shellcheck source=request.sh
source "$PIPELINES/scripts/lib/request.sh"
# shellcheck source=standby.sh
source "$PIPELINES/scripts/lib/standby.sh"
# shellcheck source=markers.sh
source "$PIPELINES/scripts/lib/markers.sh"
# shellcheck source=pilot.sh
source "$PIPELINES/scripts/lib/pilot.sh"
# shellcheck source=mover.sh
source "$PIPELINES/scripts/lib/mover.sh"
# shellcheck source=sign-in.sh
source "$PIPELINES/scripts/lib/sign-in.sh"
# shellcheck source=application.sh
source "$PIPELINES/scripts/lib/application.sh"
# shellcheck source=providers.sh
source "$PIPELINES/scripts/lib/providers.sh"
