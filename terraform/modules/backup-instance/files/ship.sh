#!/usr/bin/env bash
# Ships, and says when this machine cannot. Each end that comes soon is followed by a longer pause, up to five minutes. Ends that another
# machine might not have (docker, the image, memory, the disk) have this one replaced after ten in a row; what any machine would meet
# again (a wrong setting, a refused login, the store) is left to people, whom the silence or the beats of the shipper tell.
set -euo pipefail

here="$(dirname "${BASH_SOURCE[0]}")"
state="${PILOTLIGHT_STATE:-/run/pilotlight-ship}"
soon=600
mkdir -p "$state"
failures="$(cat "$state/failures" 2>/dev/null || echo 0)"
own="$(cat "$state/own" 2>/dev/null || echo 0)"

began=$SECONDS status=0
"$here/mover.sh" ship || status=$?
# Stopped by systemd: the machine goes down, or a person wants it so.
if ((status == 0 || status == 143)); then
  rm -f "$state/failures" "$state/own"
  exit 0
fi

if ((SECONDS - began >= soon)); then failures=0 own=0; fi
failures=$((failures + 1))
case "$status" in
  2 | 3 | 4 | 5 | 6 | 7 | 8) own=0 ;;
  *) own=$((own + 1)) ;;
esac
printf '%s\n' "$failures" >"$state/failures"
printf '%s\n' "$own" >"$state/own"

if ((own >= 10)); then
  printf 'the shipper ended %s times in a row with %s, which is this machine: it has itself replaced\n' "$own" "$status" >&2
  "$here/replace-me.sh" || true
fi
pause=300
if ((failures <= 6)); then pause=$((5 * 2 ** (failures - 1))); fi
printf 'the shipper ended with %s (%s times in a row); the next one begins in %s s\n' "$status" "$failures" "$pause" >&2
sleep "$pause"
exit "$status"
