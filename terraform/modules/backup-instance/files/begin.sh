#!/usr/bin/env bash
# Makes a new machine a backup instance: disk, docker, image, units. What fails is tried for a quarter of an hour (a NAT gateway or a
# registry may be late); then the machine has itself replaced.
set -euo pipefail

here="$(dirname "${BASH_SOURCE[0]}")"
settings="${PILOTLIGHT_SETTINGS:-/etc/pilotlight/settings}"
work="${PILOTLIGHT_WORK:-/var/lib/pilotlight-mover}"
disk="${PILOTLIGHT_DISK:-/dev/sdf}"
pause="${PILOTLIGHT_PAUSE:-15}"
stamps="${PILOTLIGHT_STAMPS:-/var/lib/systemd/timers}"
# shellcheck source=/dev/null
source "$settings"

give_up() {
  printf 'this machine cannot begin: %s. It has itself replaced.\n' "$1" >&2
  "$here/replace-me.sh" || true
  exit 1
}

# try WHAT COMMAND... : sixty times.
try() {
  local what="$1" attempt
  shift
  for ((attempt = 1; attempt <= 60; attempt++)); do
    if "$@"; then return 0; fi
    sleep "$pause"
  done
  give_up "$what"
}

disk_there() { [[ -e "$disk" ]]; }
try "there is no disk $disk" disk_there
mkdir -p "$work"
blkid "$disk" >/dev/null 2>&1 || mkfs.xfs -q "$disk" || give_up "no file system could be made on $disk"
mountpoint -q "$work" || mount -o noatime,nodev,nosuid,noexec "$disk" "$work" || give_up "$disk could not be mounted"
grep -q " $work " /etc/fstab || printf '%s %s xfs noatime,nodev,nosuid,noexec,nofail 0 2\n' "$disk" "$work" >>/etc/fstab
chown 10001:10001 "$work"
chmod 0700 "$work"

try 'docker could not be installed' dnf install --quiet --assumeyes docker
systemctl enable --now docker || give_up 'docker does not start'
try "the image $IMAGE could not be pulled" docker pull --quiet "$IMAGE"
# On a new machine no timer has ever run, so systemd would make up for nothing. What fell due in the two hours in which the machine
# before this one was sick and replaced is made up for; a machine that begins at another time of the day dumps nothing extra.
mkdir -p "$stamps"
touch --date '2 hours ago' "$stamps/stamp-pilotlight-dump.timer" "$stamps/stamp-pilotlight-prove.timer"
systemctl daemon-reload
systemctl enable --now pilotlight-ship.service pilotlight-home.service pilotlight-dump.timer pilotlight-prove.timer || give_up 'the units do not start'
