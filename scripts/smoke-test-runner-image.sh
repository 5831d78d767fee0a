#!/usr/bin/env bash
# Looks at an image of the second runner as Azure Container Apps runs it: not as root, and without the network.
#
#   scripts/smoke-test-runner-image.sh IMAGE
set -euo pipefail

image="${1:?usage: scripts/smoke-test-runner-image.sh IMAGE}"

inside() {
  docker run --rm --platform linux/amd64 --network none --user 10001:10001 --cap-drop ALL --security-opt no-new-privileges --entrypoint "$1" "$image" "${@:2}"
}
fail() {
  printf '%s: %s\n' "$image" "$1" >&2
  exit 1
}

[[ "$(inside id -u)" == 10001 ]] || fail 'it does not run as 10001'
for program in jq curl unzip kubelogin timeout; do inside "$program" --version >/dev/null || fail "$program is missing"; done
inside kubectl version --client >/dev/null || fail 'kubectl is missing'
inside az version --output none || fail 'the Azure CLI does not start'
# The providers are in the image: without the network nothing else would do.
inside terraform -chdir=/opt/pilotlight/terraform/azure/failover init -backend=false -input=false -no-color >/dev/null || fail 'terraform init needs the network'
inside terraform -chdir=/opt/pilotlight/terraform/azure/failover version -no-color | grep -q '^Terraform v1\.' || fail 'terraform is not of version 1'
inside /opt/pilotlight/pipelines/scripts/render-manifests.sh overlays/none </dev/null 2>&1 | grep -q 'INVALID_INPUT' || fail 'the scripts do not run'
# Without a request it says what is missing, and ends.
status=0
said="$(inside /opt/pilotlight/pipelines/scripts/run-job.sh 2>&1)" || status=$?
if ((status != 1)) || ! grep -q 'INVALID_INPUT: ACTION' <<<"$said"; then fail "a container without a request ended with $status and said: $said"; fi
printf '%s is as it should be\n' "$image"
