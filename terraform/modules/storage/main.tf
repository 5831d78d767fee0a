locals {
  firewall_enabled = length(var.allowed_ip_ranges) > 0

  immutable_containers = { for name, container in var.containers : name => container if container.immutable_days != null }
}

resource "azurerm_storage_account" "this" {
  name                     = var.name
  resource_group_name      = var.resource_group_name
  location                 = var.location
  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication_type

  # Identities only: an account key would be a secret that opens everything and belongs to nobody.
  shared_access_key_enabled       = false
  default_to_oauth_authentication = true
  local_user_enabled              = false
  allow_nested_items_to_be_public = false
  https_traffic_only_enabled      = true
  min_tls_version                 = "TLS1_2"
  tags                            = var.tags

  blob_properties {
    versioning_enabled = var.versioning_enabled

    delete_retention_policy {
      days = var.soft_delete_days
    }

    container_delete_retention_policy {
      days = var.soft_delete_days
    }
  }

  network_rules {
    default_action             = local.firewall_enabled ? "Deny" : "Allow"
    bypass                     = ["AzureServices"]
    ip_rules                   = var.allowed_ip_ranges
    virtual_network_subnet_ids = local.firewall_enabled ? var.allowed_subnet_ids : []
  }
}

resource "azurerm_storage_container" "this" {
  for_each = var.containers

  name                  = each.key
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

resource "azurerm_storage_container_immutability_policy" "this" {
  for_each = local.immutable_containers

  storage_container_resource_manager_id = azurerm_storage_container.this[each.key].id
  immutability_period_in_days           = each.value.immutable_days
  locked                                = each.value.immutability_locked

  # What is there stays as it is, and a log may grow: blocks can be added to an append blob, and none of them changed.
  protected_append_writes_enabled = each.value.append_allowed
}

# One rule a container: a rule without a prefix would also delete the Terraform state when it is 30 days old.
resource "azurerm_storage_management_policy" "this" {
  count = length(var.containers) == 0 ? 0 : 1

  storage_account_id = azurerm_storage_account.this.id

  dynamic "rule" {
    for_each = var.containers

    content {
      name    = "expire-${rule.key}"
      enabled = true

      # Both kinds: a log that outlives its dump is of no use. Of append blobs Azure's lifecycle can only delete, which is all it does here.
      filters {
        blob_types   = ["blockBlob", "appendBlob"]
        prefix_match = ["${rule.key}/"]
      }

      actions {
        dynamic "base_blob" {
          for_each = rule.value.delete_after_days == null ? [] : [rule.value.delete_after_days]

          content {
            delete_after_days_since_modification_greater_than = base_blob.value
          }
        }

        version {
          delete_after_days_since_creation = coalesce(rule.value.version_retention_days, var.version_retention_days)
        }
      }
    }
  }

  depends_on = [azurerm_storage_container.this]
}

resource "azurerm_storage_account_static_website" "this" {
  count = var.static_website == null ? 0 : 1

  storage_account_id = azurerm_storage_account.this.id
  index_document     = var.static_website.index_document
  error_404_document = var.static_website.error_404_document
}

resource "azurerm_management_lock" "this" {
  count = var.delete_lock_enabled ? 1 : 0

  name       = "no-deletion"
  scope      = azurerm_storage_account.this.id
  lock_level = "CanNotDelete"
  notes      = "Backups and the state of the standby: a failover needs them."
}
