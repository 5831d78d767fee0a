# shellcheck shell=bash
# What Terraform built, as the later stages see it: one JSON object in STANDBY, the root module's outputs by name.

# read_standby VARIABLE OUTPUT PATTERN : one output, checked. It sets a variable instead of printing, because an error
# printed inside $(...) would be swallowed. An output that is absent or odd stops the run before it does harm.
read_standby() {
  local into="$1" name="$2" pattern="$3" found
  found="$(jq -r --arg name "$name" '.[$name] // ""' <<<"${STANDBY:-}" 2>/dev/null)" || found=''
  if [[ ! "$found" =~ ^($pattern)$ ]]; then
    fail NO_OUTPUT "the Terraform output $name is $(printf '%q' "${found:0:80}"), which this step cannot use. Look at the Infrastructure stage: it publishes the outputs of terraform/azure/failover."
  fi
  printf -v "$into" '%s' "$found"
}

# What such values may look like; used by the scripts that load this file.
# shellcheck disable=SC2034
AZURE_NAME='[A-Za-z0-9._()-]{1,90}'
# shellcheck disable=SC2034
HOST_NAME='[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?'
IPV4='([0-9]{1,3}\.){3}[0-9]{1,3}'
# shellcheck disable=SC2034
CIDR="$IPV4/[0-9]{1,2}"
# shellcheck disable=SC2034
UUID='[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

# connect_cluster : kubectl talks to the standby's cluster, as the pipeline's identity.
connect_cluster() {
  local group cluster
  read_standby group resource_group "$AZURE_NAME"
  read_standby cluster aks_cluster_name "$AZURE_NAME"
  KUBECONFIG="$(mktemp)"
  export KUBECONFIG
  az aks get-credentials --resource-group "$group" --name "$cluster" --file "$KUBECONFIG" --overwrite-existing --only-show-errors ||
    fail CLUSTER_UNREACHABLE "no credentials for the cluster $cluster in $group. Does the pipeline's identity hold 'Azure Kubernetes Service Cluster User Role' there?"
  # A cluster without local accounts hands out a config that asks a person to log in; this makes it use the CLI's token.
  if grep -q 'command: kubelogin' "$KUBECONFIG"; then
    if ! command -v kubelogin >/dev/null; then
      local tools="${AGENT_TOOLSDIRECTORY:-$HOME/.tools}/aks"
      az aks install-cli --only-show-errors --install-location "$tools/kubectl" --kubelogin-install-location "$tools/kubelogin" ||
        fail CLUSTER_UNREACHABLE "kubelogin is not on the agent and could not be installed. Install it into the agent's image."
      PATH="$tools:$PATH"
    fi
    kubelogin convert-kubeconfig --login azurecli --kubeconfig "$KUBECONFIG" ||
      fail CLUSTER_UNREACHABLE "kubelogin could not convert the credentials of $cluster; its answer is above."
  fi
  # At once, while the sign-in is fresh: the token that is fetched here is kept for an hour.
  kubectl version --output json >/dev/null ||
    fail CLUSTER_UNREACHABLE "the cluster $cluster does not answer, or does not know the pipeline's identity. If it uses Azure RBAC, the identity needs 'Azure Kubernetes Service RBAC Cluster Admin' there."
}
