# All identities and all their roles exist before the disaster: a new role takes minutes to spread through Azure, and the
# pipeline then needs no right to give roles.

locals {
  identity_location = coalesce(var.identity_location, var.location)

  identity_defaults = {
    resource_group_name = azurerm_resource_group.pilot.name
    location            = local.identity_location
  }
}

# What the controller asks Azure, action by action. It reads three resources, starts and stops them, and scales one pool; it measures the recovery point from
# what is in the store, and asks the standby's side there to open the database.
module "controller" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-controller"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  trusts = {
    for name, arn in var.controller_role_arns : "aws-${name}" => { issuer = var.aws_issuer_url, subject = arn }
  }

  custom_role = {
    name        = "Pilotlight controller (${var.workload})"
    description = "Reads the standby's gateway, cluster and database, starts and stops them, and scales the cluster's pool."
    scope       = azurerm_resource_group.standby.id
    actions = [
      "Microsoft.Network/applicationGateways/read",
      "Microsoft.Network/applicationGateways/backendhealth/action",
      "Microsoft.Network/applicationGateways/start/action",
      "Microsoft.Network/applicationGateways/stop/action",
      "Microsoft.ContainerService/managedClusters/read",
      "Microsoft.ContainerService/managedClusters/start/action",
      "Microsoft.ContainerService/managedClusters/stop/action",
      "Microsoft.ContainerService/managedClusters/agentPools/read",
      "Microsoft.ContainerService/managedClusters/agentPools/write",
      "Microsoft.DBforMySQL/flexibleServers/read",
      "Microsoft.DBforMySQL/flexibleServers/start/action",
      "Microsoft.DBforMySQL/flexibleServers/stop/action",
    ]
  }

  role_assignments = merge(
    {
      backups  = { role = "Storage Blob Data Reader", scope = module.data.container_ids["backups"] }
      handover = { role = "Storage Blob Data Contributor", scope = module.data.container_ids["handover"] }
    },
    # How the stages of the container job go.
    { for name, id in module.data.container_ids : name => { role = "Storage Blob Data Reader", scope = id } if name == "runner" },
  )
}

# Azure checks a written pool's subnet as well: who scales a pool must be allowed to join its subnet. A role cannot be
# defined at a subnet, but it is given at this one only.
resource "azurerm_role_definition" "join_nodes" {
  name              = "Pilotlight join nodes (${var.workload})"
  description       = "Lets the pool that the controller scales join its subnet."
  scope             = azurerm_resource_group.pilot.id
  assignable_scopes = [azurerm_resource_group.pilot.id]

  permissions {
    actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
  }
}

resource "azurerm_role_assignment" "controller_joins_nodes" {
  scope              = module.network.subnet_ids["nodes"]
  role_definition_id = azurerm_role_definition.join_nodes.role_definition_resource_id
  principal_id       = module.controller.principal_id
  principal_type     = "ServicePrincipal"
}

# The pipeline: anything in the standby's group, and of the rest only what a new gateway, cluster and server must touch.
module "pipeline" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-pipeline"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  trusts = { for name, trust in { azure-devops = var.pipeline_trust } : name => trust if trust != null }

  custom_role = {
    name        = "Pilotlight pipeline (${var.workload})"
    description = "Attaches what the failover builds to the network, the vault and the workspace that are always there."
    scope       = azurerm_resource_group.pilot.id
    actions = [
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      "Microsoft.Network/virtualNetworks/read",
      "Microsoft.Network/virtualNetworks/join/action",
      "Microsoft.Network/virtualNetworks/subnets/read",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
      "Microsoft.Network/publicIPAddresses/read",
      "Microsoft.Network/publicIPAddresses/join/action",
      "Microsoft.Network/privateDnsZones/read",
      "Microsoft.Network/privateDnsZones/join/action",
      "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read",
      "Microsoft.KeyVault/vaults/read",
      "Microsoft.KeyVault/vaults/deploy/action",
      "Microsoft.OperationalInsights/workspaces/read",
      "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
      "Microsoft.Insights/dataCollectionRules/read",
      "Microsoft.Storage/storageAccounts/read",
    ]
  }

  role_assignments = merge(local.container_job_roles, {
    standby       = { role = "Contributor", scope = azurerm_resource_group.standby.id }
    cluster_admin = { role = "Azure Kubernetes Service RBAC Cluster Admin", scope = azurerm_resource_group.standby.id }
    state         = { role = "Storage Blob Data Contributor", scope = module.data.container_ids["tfstate"] }
    mysql_secret  = { role = "Key Vault Secrets User", scope = azurerm_key_vault_secret.this["mysql_administrator"].resource_versionless_id }
    origin_secret = { role = "Key Vault Secrets User", scope = azurerm_key_vault_secret.this["origin"].resource_versionless_id }
    use_gateway   = { role = "Managed Identity Operator", scope = module.gateway_identity.id }
    use_cluster   = { role = "Managed Identity Operator", scope = module.cluster_identity.id }
    use_kubelet   = { role = "Managed Identity Operator", scope = module.kubelet_identity.id }

    # A new cluster is a new issuer, so these two trusts are written on the day; no other identity's can be.
    trust_application = { role = "Managed Identity Contributor", scope = module.application_identity.id }
    trust_restore     = { role = "Managed Identity Contributor", scope = module.restore_identity.id }
  })
}

module "gateway_identity" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-gateway"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  role_assignments = {
    certificate = { role = "Key Vault Secrets User", scope = "${azurerm_key_vault.this.id}/secrets/${azurerm_key_vault_certificate.standby.name}" }
  }
}

# The cluster's control plane puts nodes and the load balancer into the subnet, and hands the kubelet its identity.
module "cluster_identity" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-cluster"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  role_assignments = {
    subnet  = { role = "Network Contributor", scope = module.network.subnet_ids["nodes"] }
    kubelet = { role = "Managed Identity Operator", scope = module.kubelet_identity.id }
  }
}

module "kubelet_identity" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-kubelet"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  role_assignments = {
    for name, id in { images = var.container_registry_id } : name => { role = "AcrPull", scope = id } if id != null
  }
}

module "application_identity" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-application"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  role_assignments = {
    database = { role = "Key Vault Secrets User", scope = azurerm_key_vault_secret.this["database"].resource_versionless_id }
  }
}

# The restore sets the application's password as the administrator, so it reads both; the application reads its own only. It brings the
# data from the store, and tells there how far it is.
module "restore_identity" {
  source = "../../modules/identity"

  name                = "id-${var.workload}-restore"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  role_assignments = {
    administrator = { role = "Key Vault Secrets User", scope = azurerm_key_vault_secret.this["mysql_administrator"].resource_versionless_id }
    database      = { role = "Key Vault Secrets User", scope = azurerm_key_vault_secret.this["database"].resource_versionless_id }
    backups       = { role = "Storage Blob Data Reader", scope = module.data.container_ids["backups"] }
    handover      = { role = "Storage Blob Data Contributor", scope = module.data.container_ids["handover"] }
  }
}

# The way home: the standby's side adds dumps of the standby to the backups, and the primary's side answers orders. Each may write below its own
# folder and nowhere else: what a failover is restored from, and what a hand-over is answered with, is not theirs to write.
resource "azurerm_role_definition" "carry_home" {
  name              = "Pilotlight carries home (${var.workload})"
  description       = "Adds what the way home needs, below the folder of the way home. Deletes nothing."
  scope             = azurerm_resource_group.pilot.id
  assignable_scopes = [azurerm_resource_group.pilot.id]

  permissions {
    data_actions = [
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    ]
  }
}

locals {
  # Writes are bound to the folder; reads are not, because a listing has no path.
  only_home = join(" AND ", [
    for action in ["add/action", "write"] :
    "(!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}'}) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike '${var.workload}/home/*'))"
  ])
}

resource "azurerm_role_assignment" "restore_dumps_home" {
  scope              = module.data.container_ids["backups"]
  role_definition_id = azurerm_role_definition.carry_home.role_definition_resource_id
  principal_id       = module.restore_identity.principal_id
  principal_type     = "ServicePrincipal"
  condition          = local.only_home
  condition_version  = "2.0"
}

resource "azurerm_role_assignment" "backup_writer_answers" {
  count = var.backup_writer_role_arn == null ? 0 : 1

  scope              = module.data.container_ids["handover"]
  role_definition_id = azurerm_role_definition.carry_home.role_definition_resource_id
  principal_id       = module.backup_writer[0].principal_id
  principal_type     = "ServicePrincipal"
  condition          = local.only_home
  condition_version  = "2.0"
}

# The primary's side adds, and can take nothing away: whoever gets hold of it must not get hold of the backups. `write` makes a new blob
# of blocks, which `add` cannot; that it overwrites none is the matter of the container's immutability. There is no `delete`.
module "backup_writer" {
  source = "../../modules/identity"
  count  = var.backup_writer_role_arn == null ? 0 : 1

  name                = "id-${var.workload}-backup-writer"
  resource_group_name = local.identity_defaults.resource_group_name
  location            = local.identity_defaults.location
  tags                = local.tags

  trusts = { aws-backup = { issuer = var.aws_issuer_url, subject = var.backup_writer_role_arn } }

  custom_role = {
    name        = "Pilotlight backup writer (${var.workload})"
    description = "Adds dumps to the backups and appends to the log. Deletes nothing."
    scope       = azurerm_resource_group.pilot.id
    given_at    = module.data.container_ids["backups"]
    data_actions = [
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    ]
  }
}
