# shellcheck shell=bash
# The door: what the run was asked for, checked before any of it is used as a name, a path or an argument.
# Values come as environment variables, never spliced into a script, so that none of them can become code.

# require_match NAME PATTERN HINT : the whole value has to match; the value itself is printed quoted and cut short.
require_match() {
  local name="$1" pattern="$2" hint="$3" value
  value="${!name-}"
  if [[ ! "$value" =~ ^($pattern)$ ]]; then
    fail INVALID_INPUT "$name is $(printf '%q' "${value:0:80}"); expected $hint. Start the run again with a value like that."
  fi
}

require_request() {
  require_match ACTION 'apply|plan|destroy' 'apply, plan or destroy'
  # The same words as in terraform/azure, which makes the names of it.
  require_match WORKLOAD '[a-z][a-z0-9]{1,11}' '2 to 12 of a-z and 0-9, beginning with a letter'
  require_match CORRELATION_ID '[A-Za-z0-9][A-Za-z0-9-]{0,63}' '1 to 64 of A-Z, a-z, 0-9 and -, not beginning with -'
  require_match TIER 'cold|warm' 'cold or warm'
}

# read_workload : the settings of the workload, as variables. They are names and limits; none of them is secret.
read_workload() {
  local file="$PIPELINES/workloads/$WORKLOAD.json"
  [[ -f "$file" ]] ||
    fail INVALID_INPUT "workload $WORKLOAD has no pipelines/workloads/$WORKLOAD.json. Add that file, or use the name of one that is there."
  jq -e 'type == "object"' "$file" >/dev/null 2>&1 ||
    fail INVALID_INPUT "pipelines/workloads/$WORKLOAD.json is not a JSON object. Compare it with the example in pipelines/README.md."
  DATA_ACCOUNT="$(jq -r '.dataAccount // ""' "$file")"
  MAX_BACKUP_AGE_MINUTES="$(jq -r '.maxBackupAgeMinutes // ""' "$file")"
  DATABASE_USER="$(jq -r '.databaseUser // ""' "$file")"
  # `unset` would pass for a name, and would be somebody else's account.
  [[ "$DATA_ACCOUNT" != unset ]] || DATA_ACCOUNT=''
  require_match DATA_ACCOUNT '[a-z0-9]{3,24}' "the output data_account_name of terraform/azure/always, in pipelines/workloads/$WORKLOAD.json"
  require_match MAX_BACKUP_AGE_MINUTES '[1-9][0-9]{0,5}' "a whole number of minutes, in pipelines/workloads/$WORKLOAD.json"
  require_match DATABASE_USER '[A-Za-z][A-Za-z0-9_]{0,31}' "a database user name, in pipelines/workloads/$WORKLOAD.json"
  export DATA_ACCOUNT MAX_BACKUP_AGE_MINUTES DATABASE_USER
}
