# shellcheck shell=bash
# How Terraform signs in: on an agent of Azure DevOps by the token that the agent exchanges, in a container by the Azure CLI.

export_sign_in() {
  if [[ "${RUNNER:-azure-devops}" == container-job ]]; then
    export ARM_USE_OIDC=false ARM_USE_CLI=true
  else
    export ARM_USE_OIDC=true ARM_USE_CLI=false
  fi
}
