# shellcheck shell=bash
# Terraform's provider, fetched by one step of a job and used by a later one.

# providers_file KIND : a file of this job, by which the two steps know of each other: lock, fetched or log.
providers_file() { printf '%s/terraform-providers.%s' "${AGENT_TEMPDIRECTORY:-/tmp}" "$1"; }

# await_providers ROOT : until what was begun has ended, in whatever way. Half a provider is worse than none, so it is thrown away.
await_providers() {
  [[ -e "$(providers_file lock)" ]] || return 0
  flock --timeout "${FETCH_WAIT_SECONDS:-70}" "$(providers_file lock)" true ||
    warn "the provider is still being fetched; Terraform's init does not wait for it"
  if [[ ! -e "$(providers_file fetched)" ]]; then
    warn "the provider could not be fetched ahead, which costs some seconds; the end of its log: $(tail -n 1 "$(providers_file log)" 2>/dev/null || true)"
    rm -rf "$1/.terraform/providers"
  fi
}
