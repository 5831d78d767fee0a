#!/usr/bin/env bash
# Finds the newest backup, fetches it and proves it whole: manifest, age, size, checksum, and a dump that runs to its end.
# Nothing touches a database here. The layout of the blobs is in pipelines/README.md.
# Usage: select-backup.sh FOLDER ; leaves manifest.json, dump.sql.gz and selected.json in it.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

folder="${1:?usage: select-backup.sh FOLDER}"
require_request
read_workload
BACKUP="${BACKUP:-newest}"
require_match BACKUP 'newest|[0-9]{8}T[0-9]{6}Z' "newest, or the UTC timestamp of one backup like 20261122T030000Z"
mkdir -p "$folder"
# What the manifest says, filled by check_manifest.
sha256='' size='' created_at='' server='' schema_version=''
other="choose another one with the parameter 'backup' (the list: az storage blob list --account-name $DATA_ACCOUNT --container-name backups --prefix $WORKLOAD/ --auth-mode login --output table)"

fetch() {
  az storage blob download --auth-mode login --only-show-errors --no-progress --account-name "$DATA_ACCOUNT" \
    --container-name backups --name "$1" --file "$2" --output none ||
    fail BACKUP_UNREADABLE "the blob backups/$1 in $DATA_ACCOUNT could not be fetched. If it exists, the pipeline's identity lacks 'Storage Blob Data Reader' there; otherwise $other."
}

# The manifest is uploaded last, so a folder without one is a backup that is still being made, or that died on the way.
choose() {
  local names
  names="$(az storage blob list --auth-mode login --only-show-errors --account-name "$DATA_ACCOUNT" --container-name backups \
    --prefix "$WORKLOAD/" --num-results '*' --query '[].name' --output tsv)" ||
    fail BACKUP_UNREADABLE "the container backups in $DATA_ACCOUNT cannot be listed. Does the pipeline's identity hold 'Storage Blob Data Reader' there?"
  if [[ "$BACKUP" == newest ]]; then
    timestamp="$(sed -nE "s#^$WORKLOAD/([0-9]{8}T[0-9]{6}Z)/manifest\.json\$#\1#p" <<<"$names" | sort | tail -n 1)"
  else
    timestamp="$(sed -nE "s#^$WORKLOAD/($BACKUP)/manifest\.json\$#\1#p" <<<"$names")"
  fi
  [[ -n "$timestamp" ]] ||
    fail NO_BACKUP "no complete backup ($BACKUP) under backups/$WORKLOAD/ in $DATA_ACCOUNT: expected $WORKLOAD/<UTC timestamp>/manifest.json. Make one by hand from the primary or a replica (pipelines/README.md, 'Making a backup'), then run again with the same correlation id."
}

# from_manifest VARIABLE FIELD PATTERN EXPECTED
from_manifest() {
  local found
  found="$(jq -r --arg name "$2" '.[$name] // ""' "$folder/manifest.json" 2>/dev/null)" || found=''
  [[ "$found" =~ ^($3)$ ]] ||
    fail BACKUP_MANIFEST_INVALID "backup $timestamp: $2 in manifest.json is $(printf '%q' "${found:0:80}"), expected $4. Do not trust this backup; $other."
  printf -v "$1" '%s' "$found"
}

check_manifest() {
  from_manifest schema_version schemaVersion '1' 'the number 1, the layout that this script knows'
  from_manifest sha256 sha256 '[0-9a-f]{64}' '64 hexadecimal digits in lower case'
  from_manifest size size '[1-9][0-9]{0,14}' 'the size of dump.sql.gz in bytes'
  from_manifest created_at createdAt '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z' 'a UTC time like 2026-11-22T03:00:00Z'
  from_manifest server sourceServer "$HOST_NAME" 'the name of the server that was dumped'
  note "Backup $timestamp of $server, made $created_at, $size bytes, manifest layout $schema_version."
}

check_age() {
  local now created limit="$MAX_BACKUP_AGE_MINUTES"
  now="$(date -u +%s)"
  created="$(date -u -d "$created_at" +%s 2>/dev/null)" ||
    fail BACKUP_MANIFEST_INVALID "backup $timestamp: createdAt $created_at is not a time that exists. Do not trust this backup; $other."
  age_minutes=$(((now - created) / 60))
  # Clocks differ by seconds, not by minutes: a backup from the future says that its maker's clock, and so its age, is wrong.
  ((now - created > -300)) ||
    fail BACKUP_FROM_THE_FUTURE "backup $timestamp says it was made at $created_at, $((-age_minutes)) minutes from now. Its age cannot be known. Correct the clock of the machine that makes backups; $other."
  ((age_minutes <= limit)) ||
    fail BACKUP_TOO_OLD "backup $timestamp was made $age_minutes minutes ago; the policy of $WORKLOAD allows $limit (maxBackupAgeMinutes). Everything written since would be lost. Make a newer backup, or let a person who accepts that loss raise maxBackupAgeMinutes in pipelines/workloads/$WORKLOAD.json and run again with the same correlation id."
}

check_dump() {
  local got_size got_sha256
  got_size="$(stat -c %s "$folder/dump.sql.gz")"
  [[ "$got_size" == "$size" ]] ||
    fail BACKUP_WRONG_SIZE "backup $timestamp: dump.sql.gz has $got_size bytes, the manifest says $size. The upload was cut short or the file was changed. Nothing was restored; $other."
  got_sha256="$(sha256sum "$folder/dump.sql.gz" | cut -d ' ' -f 1)"
  [[ "$got_sha256" == "$sha256" ]] ||
    fail BACKUP_WRONG_CHECKSUM "backup $timestamp: dump.sql.gz has sha256 $got_sha256, the manifest says $sha256. The file is damaged or was changed. Nothing was restored; $other. Tell the people who look after the backups."
}

# What the dump says of itself. It is read once, to its end, which proves that it unpacks.
check_statements() {
  local found faults
  found="$(gzip -dc "$folder/dump.sql.gz" | LC_ALL=C awk -f "$PIPELINES/scripts/lib/dump-faults.awk")" ||
    fail BACKUP_DAMAGED "backup $timestamp: dump.sql.gz does not unpack, though its checksum is the manifest's: it was damaged before it was uploaded. Nothing was restored; $other."
  # It would be loaded somewhere else than where the application looks.
  ! grep -qx 'database' <<<"$found" ||
    fail BACKUP_DAMAGED "backup $timestamp: the dump has a USE or CREATE DATABASE line. Dump one database by its name, without --databases (pipelines/README.md). Nothing was restored; $other."
  [[ "$(tail -n 1 <<<"$found")" == 'last -- Dump completed'* ]] ||
    fail BACKUP_DAMAGED "backup $timestamp: the dump does not end with '-- Dump completed', so the dumping was cut short. Nothing was restored; $other."
  faults="$(sed -n 's/^fault //p' <<<"$found" | paste -sd '|' | sed 's/|/; /g')"
  [[ -z "$faults" ]] ||
    fail BACKUP_NOT_RESTORABLE "backup $timestamp is whole, but the standby's database would refuse it: $faults. Nothing was restored. Change that on the primary and make a new backup, or $other."
}

choose
fetch "$WORKLOAD/$timestamp/manifest.json" "$folder/manifest.json"
check_manifest
check_age
fetch "$WORKLOAD/$timestamp/dump.sql.gz" "$folder/dump.sql.gz"
check_dump
check_statements
jq -n --arg timestamp "$timestamp" --arg sha256 "$sha256" --arg createdAt "$created_at" '{timestamp: $timestamp, sha256: $sha256, createdAt: $createdAt}' >"$folder/selected.json"
note "Backup $timestamp is whole and $age_minutes minutes old (limit $MAX_BACKUP_AGE_MINUTES)."
