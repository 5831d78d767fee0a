data "azurerm_client_config" "current" {}

# Two groups: what must stay, and what is built on the day and destroyed afterwards. The pipeline may do anything in the
# second and next to nothing in the first.
resource "azurerm_resource_group" "pilot" {
  name     = local.names.pilot_group
  location = var.location
  tags     = local.tags
}

resource "azurerm_resource_group" "standby" {
  name     = local.names.standby_group
  location = var.location
  tags     = local.tags
}

module "network" {
  source = "../../modules/network"

  name                    = var.workload
  resource_group_name     = azurerm_resource_group.pilot.name
  location                = azurerm_resource_group.pilot.location
  address_space           = var.address_space
  domain_name_label       = local.names.domain_name_label
  zones                   = var.zones
  gateway_source_prefixes = var.gateway_source_prefixes
  tags                    = local.tags
}

# Backups and state are for few eyes, the maintenance page is for everybody: two accounts, so that no setting of the one
# can open the other.
module "data" {
  source = "../../modules/storage"

  name                = local.names.data_account
  resource_group_name = azurerm_resource_group.pilot.name
  location            = azurerm_resource_group.pilot.location
  replication_type    = var.storage_replication_type
  versioning_enabled  = var.backups.versioning
  allowed_ip_ranges   = var.storage_allowed_ip_ranges
  allowed_subnet_ids  = [module.network.subnet_ids["nodes"]]
  delete_lock_enabled = var.delete_locks_enabled
  tags                = local.tags

  containers = merge(local.container_job_containers, {
    # Dumps, the log that follows them, and the journal: blobs are added and logs grow, and nothing that is there is changed.
    backups = {
      delete_after_days   = var.backups.retention_days
      immutable_days      = var.backups.immutable_days
      append_allowed      = true
      immutability_locked = var.backups.immutability_locked
    }
    # What controller and standby ask of each other on the day. Its state is written anew every few seconds, so old versions go soon.
    handover = { delete_after_days = 7, version_retention_days = 1 }
    tfstate  = {}
  })
}

module "website" {
  source = "../../modules/storage"

  name                = local.names.website_account
  resource_group_name = azurerm_resource_group.pilot.name
  location            = azurerm_resource_group.pilot.location
  replication_type    = "ZRS"
  delete_lock_enabled = var.delete_locks_enabled
  tags                = local.tags

  # For whoever opens the site itself: whatever path is asked for, the answer is the page.
  static_website = {
    index_document     = "index.html"
    error_404_document = "index.html"
  }
}

# Whoever applies this writes the page, the certificate and the secrets, and the accounts take no keys.
resource "azurerm_role_assignment" "website_author" {
  scope                = module.website.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = data.azurerm_client_config.current.object_id
}

# The first apply moves its own state into the container (docs/terraform.md).
resource "azurerm_role_assignment" "state_author" {
  scope                = module.data.container_ids["tfstate"]
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = data.azurerm_client_config.current.object_id
}

# Under two names: the edge asks for maintenance.html (docs/edge.md), the website shows index.html on every other path.
resource "azurerm_storage_blob" "maintenance_page" {
  for_each = toset(["maintenance.html", "index.html"])

  name                   = each.key
  storage_account_name   = module.website.name
  storage_container_name = "$web"
  type                   = "Block"
  content_type           = "text/html; charset=utf-8"
  source_content         = file("${path.module}/maintenance.html")

  # A cached maintenance page outlives the maintenance. The second word is how answer-response.js knows the page, which
  # cannot name itself by a header of its own as the applications do.
  cache_control = "no-store, pilotlight-origin=maintenance"

  depends_on = [azurerm_role_assignment.website_author, module.website]
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = local.names.workspace
  resource_group_name = azurerm_resource_group.pilot.name
  location            = azurerm_resource_group.pilot.location
  sku                 = "PerGB2018"
  retention_in_days   = var.log_retention_days
  daily_quota_gb      = var.log_daily_quota_gb
  tags                = local.tags
}

# What the cluster's agent collects, once there is a cluster: the containers' output, events and inventory.
resource "azurerm_monitor_data_collection_rule" "containers" {
  name                = "dcr-${var.workload}-containers"
  resource_group_name = azurerm_resource_group.pilot.name
  location            = azurerm_resource_group.pilot.location
  tags                = local.tags

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.this.id
    }
  }

  data_sources {
    extension {
      name           = "ContainerInsightsExtension"
      extension_name = "ContainerInsights"
      streams        = local.container_streams
    }
  }

  data_flow {
    streams      = local.container_streams
    destinations = ["workspace"]
  }
}

locals {
  # Not the performance counters: they are most of the volume, and the cluster's own metrics answer the same questions.
  container_streams = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"]
}
