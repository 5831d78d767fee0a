# shellcheck shell=bash
# The door: what the run was asked for, checked before any of it is used as a name, a path or an argument.
# Values come as environment variables, never spliced into a script, so that none of them can become code.

# value_fault NAME PATTERN HINT : prints what is wrong with the variable NAME, or nothing. The whole value has to match; it is
# printed quoted and cut short.
value_fault() {
  local name="$1" pattern="$2" hint="$3" value
  value="${!name-}"
  [[ "$value" =~ ^($pattern)$ ]] ||
    printf '%s is %q; expected %s. Start the run again with a value like that.' "$name" "${value:0:80}" "$hint"
}

# require_match NAME PATTERN HINT : stops at once if the value is wrong.
require_match() {
  local fault
  fault="$(value_fault "$@")"
  [[ -z "$fault" ]] || fail INVALID_INPUT "$fault"
}

# What is wrong is gathered and told at once: whoever mends a file wants the whole list, not one line a run.
faults=()
add_fault() { [[ -z "$1" ]] || faults+=("$1"); }

# stop_at_faults : one error line for each fault, and the end.
stop_at_faults() {
  local fault last=$((${#faults[@]} - 1))
  ((last >= 0)) || return 0
  for fault in "${faults[@]:0:last}"; do report_error "INVALID_INPUT: $fault"; done
  fail INVALID_INPUT "${faults[last]}"
}

require_request() {
  add_fault "$(value_fault ACTION 'apply|plan|destroy' 'apply, plan or destroy')"
  # The same words as in terraform/azure, which makes the names of it.
  add_fault "$(value_fault WORKLOAD '[a-z][a-z0-9]{1,11}' '2 to 12 of a-z and 0-9, beginning with a letter')"
  add_fault "$(value_fault CORRELATION_ID '[A-Za-z0-9][A-Za-z0-9-]{0,63}' '1 to 64 of A-Z, a-z, 0-9 and -, not beginning with -')"
  add_fault "$(value_fault TIER 'cold|warm|parked' 'cold, warm or parked')"
  stop_at_faults
}

# read_workload : the settings of the workload, as variables. They are names; none of them is secret.
read_workload() {
  local shown="pipelines/workloads/$WORKLOAD.json" file="$PIPELINES/workloads/$WORKLOAD.json"
  [[ -f "$file" ]] ||
    fail INVALID_INPUT "workload $WORKLOAD has no $shown. Add that file, or use the name of one that is there."
  jq -e 'type == "object"' "$file" >/dev/null 2>&1 ||
    fail INVALID_INPUT "$shown is not a JSON object. Compare it with the example in pipelines/README.md."
  DATA_ACCOUNT="$(jq -r '.dataAccount // ""' "$file")"
  DATABASE_USER="$(jq -r '.databaseUser // ""' "$file")"
  # `unset` would pass for a name, and would be somebody else's account.
  [[ "$DATA_ACCOUNT" != unset ]] || DATA_ACCOUNT=''
  add_fault "$(value_fault DATA_ACCOUNT '[a-z0-9]{3,24}' "the output data_account_name of terraform/azure/always, in $shown")"
  add_fault "$(value_fault DATABASE_USER '[A-Za-z][A-Za-z0-9_]{0,31}' "a database user name, in $shown")"
  stop_at_faults
  export DATA_ACCOUNT DATABASE_USER
}
