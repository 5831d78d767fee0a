#!/usr/bin/env bash
# Runs one command of the mover in its container, with this machine's settings.
# Usage: mover.sh dump|ship|prove|serve-home
#        mover.sh orphans|gates|home|verify [option...]   the way home by hand
set -euo pipefail

command="${1:?usage: mover.sh dump|ship|prove|serve-home|orphans|gates|home|verify}"
shift
settings="${PILOTLIGHT_SETTINGS:-/etc/pilotlight/settings}"
work="${PILOTLIGHT_WORK:-/var/lib/pilotlight-mover}"
# shellcheck source=/dev/null
source "$settings"

# What is loaded for the way home is loaded with a login of its own, which alone may write.
case "$command" in serve-home | orphans | gates | home | verify) SECRET_ARN="$HOME_SECRET_ARN" ;; esac
arguments=(--workload "$WORKLOAD" --store "$STORE" --identity aws-role --tenant-id "$TENANT_ID" --client-id "$CLIENT_ID" --region "$REGION")
database=(--host "$DATABASE_HOST" --port "$DATABASE_PORT" --secret-arn "$SECRET_ARN" --ssl-mode VERIFY_IDENTITY
  --ssl-ca /usr/local/share/pilotlight/rds-ca.pem --work /var/lib/pilotlight-mover)
share=()
case "$command" in
  ship) arguments+=("${database[@]}" --every "$SHIP_EVERY" --spool-max-mb "$SPOOL_MAX_MB") ;;
  dump | prove)
    arguments+=("${database[@]}")
    # The shipper comes first, for the processor and when memory ends: a proof that is late is a proof, and a log that is late is a
    # loss. Said to docker, because what a unit says of itself ends at docker's client.
    share=(--cpu-shares 256 --oom-score-adj 500)
    ;;
  serve-home | orphans | gates | home | verify)
    arguments+=("${database[@]}" "$@")
    share=(--oom-score-adj 500)
    ;;
  *)
    printf 'got the command %q, expected dump, ship, prove, serve-home, orphans, gates, home or verify\n' "$command" >&2
    exit 2
    ;;
esac

# After a restart the disk may be late or gone; the machine's own has no room for a day of log.
if ! mountpoint -q "$work"; then
  printf 'no disk is mounted at %s\n' "$work" >&2
  exit 1
fi
# What a crash of docker has left under this name is not running any more, or is one too many.
docker rm --force "pilotlight-$command" >/dev/null 2>&1 || true
# The host's network: the role's credentials are one hop away and no further. /tmp is memory, because the login lies there as a file
# for the database's programs. Docker keeps no log of its own; systemd's journal has it, and throws the oldest away.
exec docker run --name "pilotlight-$command" --rm --pull missing --network host --log-driver none \
  --user 10001:10001 --read-only --cap-drop ALL --security-opt no-new-privileges \
  --tmpfs /tmp:rw,size=256m,mode=1777 --volume "$work:/var/lib/pilotlight-mover" \
  "${share[@]}" "$IMAGE" "$command" "${arguments[@]}"
