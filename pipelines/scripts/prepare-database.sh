#!/usr/bin/env bash
# Brings the database to where it takes the primary's binary log with its transaction ids. Azure changes gtid_mode by one step at a
# time, which Terraform cannot say of one parameter, so it is done here. What is there already is left alone.
# Usage: prepare-database.sh RESOURCE-GROUP SERVER
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

group="${1:?usage: prepare-database.sh RESOURCE-GROUP SERVER}"
server="${2:?usage: prepare-database.sh RESOURCE-GROUP SERVER}"
require_request
pause="${BUSY_PAUSE_SECONDS:-10}"
errors="$(mktemp)"
trap 'rm -f "$errors"' EXIT

parameter() { az mysql flexible-server parameter "$1" --only-show-errors --resource-group "$group" --server-name "$server" "${@:2}"; }

# try COMMAND... : prints its answer. A server takes one change at a time and refuses a second one for as long: that is waited for. Whatever
# else is refused is refused again in a minute.
try() {
  local attempt
  for ((attempt = 1; attempt <= 30; attempt++)); do
    if "$@" 2>"$errors"; then return 0; fi
    grep -Eq 'ServerIsBusy|OperationInProgress|AnotherOperationInProgress|ServerUnavailableForOperation|Conflict|TooManyRequests' "$errors" || return 1
    sleep "$pause"
  done
  return 1
}

# read_parameter VARIABLE NAME
read_parameter() {
  local found
  found="$(try parameter show --name "$2" --query value --output tsv)" ||
    fail DATABASE_NOT_PREPARED "the parameter $2 of $server cannot be read: $(on_one_line "$(tail -n 3 "$errors")"). Does the pipeline's identity hold 'Contributor' on $group?"
  printf -v "$1" '%s' "${found^^}"
}

# write_parameter NAME VALUE : and believes only the value that the server has afterwards, because an operation that Azure calls a success
# is not yet a value. The Azure CLI reads it again itself and prints it, which saves a question of our own.
write_parameter() {
  local got
  got="$(try parameter set --name "$1" --value "$2" --query value --output tsv)" ||
    fail DATABASE_NOT_PREPARED "the parameter $1 of $server cannot be set to $2: $(on_one_line "$(tail -n 3 "$errors")"). Set it by hand, one step at a time, then start the run again with the same correlation id (docs/backup-system.md, 'The standby's database')."
  [[ "${got^^}" == "$2" ]] ||
    fail DATABASE_NOT_PREPARED "the parameter $1 of $server was set to $2 and is ${got:-unknown}. Look at the server's parameters in the portal, then start the run again with the same correlation id."
}

consistency='' mode=''
read_parameter consistency enforce_gtid_consistency
[[ "$consistency" == ON ]] || write_parameter enforce_gtid_consistency ON
read_parameter mode gtid_mode
while [[ "$mode" != ON ]]; do
  case "$mode" in
    OFF) mode=OFF_PERMISSIVE ;;
    OFF_PERMISSIVE) mode=ON_PERMISSIVE ;;
    ON_PERMISSIVE) mode=ON ;;
    *) fail DATABASE_NOT_PREPARED "gtid_mode of $server is '$mode'; expected OFF, OFF_PERMISSIVE, ON_PERMISSIVE or ON. Set it to ON by hand, one step at a time." ;;
  esac
  write_parameter gtid_mode "$mode"
done
note "$server takes transactions with their ids (gtid_mode ON)."
