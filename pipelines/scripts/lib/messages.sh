# shellcheck shell=bash
# What the scripts say. An error becomes an issue of the run's timeline, which is where the controller reads
# the first error lines of a failed stage, so each one is a single line that stands on its own.

# Azure Pipelines obeys a command anywhere in a line of output: nothing in a value that came from outside may start one.
on_one_line() {
  local text="$*"
  text="${text//'##vso['/##-vso[}"
  text="${text//'%'/%AZP25}"
  text="${text//$'\r'/ }"
  printf '%s' "${text//$'\n'/ }"
}

note() { printf '%s\n' "$(on_one_line "$@")"; }

warn() { printf '##vso[task.logissue type=warning]%s\n' "$(on_one_line "$@")"; }

report_error() { printf '##vso[task.logissue type=error]%s\n' "$(on_one_line "$@")"; }

# fail CODE TEXT... : the code is a stable word that a program can look for; the text is for a person.
fail() {
  local code="$1"
  shift
  report_error "$code: $*"
  exit 1
}

# set_output NAME VALUE : a variable that later jobs and stages can read.
set_output() { printf '##vso[task.setvariable variable=%s;isOutput=true]%s\n' "$1" "$(on_one_line "$2")"; }

# set_variable NAME VALUE : a variable of this job.
set_variable() { printf '##vso[task.setvariable variable=%s]%s\n' "$1" "$(on_one_line "$2")"; }
