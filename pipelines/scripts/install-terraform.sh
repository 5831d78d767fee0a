#!/usr/bin/env bash
# Puts one known Terraform on the PATH. The agent's image may carry another version, or none.
set -euo pipefail
# shellcheck source=lib/load.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/load.sh"

version=1.13.5
# From terraform_1.13.5_SHA256SUMS of the publisher, for linux_amd64. Change it together with the version.
sha256=0dbe3fcc268eb670801af6a6456799d1ae26e72e73797f6c6167e18aafd1fd9a
folder="${AGENT_TOOLSDIRECTORY:-$HOME/.tools}/terraform-$version"

if [[ ! -x "$folder/terraform" ]]; then
  archive="$(mktemp)"
  curl --fail --silent --show-error --location --retry 5 --retry-all-errors --max-time 120 --output "$archive" \
    "https://releases.hashicorp.com/terraform/$version/terraform_${version}_linux_amd64.zip" ||
    fail TERRAFORM_MISSING "Terraform $version could not be downloaded. Try again; if the publisher is down, install it on a self-hosted agent under $folder."
  got="$(sha256sum "$archive" | cut -d ' ' -f 1)"
  [[ "$got" == "$sha256" ]] ||
    fail TERRAFORM_MISSING "the downloaded Terraform $version has sha256 $got, expected $sha256. It was not run. Find out why before trying again."
  mkdir -p "$folder"
  unzip -q -o "$archive" terraform -d "$folder"
  rm -f "$archive"
fi
printf '##vso[task.prependpath]%s\n' "$folder"
note "Terraform $version is in $folder."
