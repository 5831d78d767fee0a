# What the account makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = {
      id                = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata"
      primary_blob_host = "stpetclinicdata.blob.core.windows.net"
      primary_web_host  = "stpetclinicdata.z12.web.core.windows.net"
    }
  }

  mock_resource "azurerm_storage_container" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata/blobServices/default/containers/backups"
    }
  }
}

run "expires_backups_and_never_the_state" {
  command = apply

  assert {
    condition     = [for rule in azurerm_storage_management_policy.this[0].rule : rule.filters[0].prefix_match if rule.name == "expire-backups"][0] == toset(["backups/"])
    error_message = "The rule of the backups must be bound to their container."
  }

  assert {
    condition     = [for rule in azurerm_storage_management_policy.this[0].rule : rule.actions[0].base_blob[0].delete_after_days_since_modification_greater_than if rule.name == "expire-backups"][0] == 30
    error_message = "Backups must go after 30 days."
  }

  assert {
    condition     = [for rule in azurerm_storage_management_policy.this[0].rule : length(rule.actions[0].base_blob) if rule.name == "expire-tfstate"][0] == 0
    error_message = "The Terraform state must never expire."
  }

  assert {
    condition     = alltrue([for rule in azurerm_storage_management_policy.this[0].rule : rule.filters[0].blob_types == toset(["blockBlob", "appendBlob"])])
    error_message = "Logs are append blobs and must go with their dumps."
  }

  assert {
    condition     = alltrue([for rule in azurerm_storage_management_policy.this[0].rule : rule.actions[0].version[0].delete_after_days_since_creation == 30])
    error_message = "Old versions must go after 30 days."
  }
}

run "opens_the_account_to_identities_only" {
  command = apply

  assert {
    condition     = azurerm_storage_account.this.shared_access_key_enabled == false && azurerm_storage_account.this.allow_nested_items_to_be_public == false
    error_message = "Neither keys nor public containers."
  }

  assert {
    condition     = azurerm_storage_account.this.min_tls_version == "TLS1_2" && azurerm_storage_account.this.https_traffic_only_enabled
    error_message = "TLS 1.2 or newer."
  }

  assert {
    condition     = alltrue([for container in azurerm_storage_container.this : container.container_access_type == "private"])
    error_message = "Every container must be private."
  }

  assert {
    condition     = azurerm_storage_account.this.network_rules[0].default_action == "Allow"
    error_message = "Without ranges the firewall is open, and roles decide."
  }

  assert {
    condition     = output.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata" && output.name == "stpetclinicdata"
    error_message = "Id and name must be handed on."
  }

  assert {
    condition     = output.blob_host == "stpetclinicdata.blob.core.windows.net"
    error_message = "The blob host must be handed on."
  }

  assert {
    condition     = toset(keys(output.container_ids)) == toset(["backups", "tfstate"])
    error_message = "Each container must have its id."
  }

  assert {
    condition     = output.website_host == null
    error_message = "No website, no host."
  }

  assert {
    condition     = length(azurerm_storage_container_immutability_policy.this) == 0
    error_message = "No immutability unless it is asked for."
  }

  assert {
    condition     = azurerm_management_lock.this[0].lock_level == "CanNotDelete"
    error_message = "The account must be locked against deletion."
  }
}

run "keeps_backups_immutable_when_asked" {
  command = apply

  variables {
    containers = { backups = { delete_after_days = 30, immutable_days = 7 } }
  }

  assert {
    condition     = azurerm_storage_container_immutability_policy.this["backups"].immutability_period_in_days == 7
    error_message = "The policy must last as long as asked."
  }

  assert {
    condition     = azurerm_storage_container_immutability_policy.this["backups"].locked == false
    error_message = "The policy stays unlocked unless it is asked for."
  }

  assert {
    condition     = azurerm_storage_container_immutability_policy.this["backups"].protected_append_writes_enabled == false
    error_message = "Nothing may grow unless it is asked for."
  }
}

run "lets_a_log_grow_in_an_immutable_container" {
  command = apply

  variables {
    containers = { backups = { delete_after_days = 30, immutable_days = 7, append_allowed = true } }
  }

  assert {
    condition     = azurerm_storage_container_immutability_policy.this["backups"].protected_append_writes_enabled
    error_message = "Blocks must be added to append blobs, although the container is immutable."
  }
}

run "forgets_the_versions_of_a_busy_container_sooner" {
  command = apply

  variables {
    containers = { backups = { delete_after_days = 30 }, handover = { delete_after_days = 7, version_retention_days = 1 } }
  }

  assert {
    condition     = [for rule in azurerm_storage_management_policy.this[0].rule : rule.actions[0].version[0].delete_after_days_since_creation if rule.name == "expire-handover"][0] == 1
    error_message = "Its versions must go after a day."
  }

  assert {
    condition     = [for rule in azurerm_storage_management_policy.this[0].rule : rule.actions[0].version[0].delete_after_days_since_creation if rule.name == "expire-backups"][0] == 30
    error_message = "Those of the others must stay."
  }
}

run "closes_the_account_to_other_ranges" {
  command = apply

  variables {
    allowed_ip_ranges  = ["203.0.113.0/24"]
    allowed_subnet_ids = ["/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-nodes"]
  }

  assert {
    condition     = azurerm_storage_account.this.network_rules[0].default_action == "Deny"
    error_message = "With ranges, everybody else must stay out."
  }

  assert {
    condition     = azurerm_storage_account.this.network_rules[0].ip_rules == toset(["203.0.113.0/24"])
    error_message = "The ranges must be let in."
  }

  assert {
    condition     = azurerm_storage_account.this.network_rules[0].virtual_network_subnet_ids == toset(["/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-nodes"])
    error_message = "The subnets must be let in."
  }
}

run "serves_a_website" {
  command = apply

  variables {
    containers          = {}
    delete_lock_enabled = false
    static_website      = { index_document = "index.html", error_404_document = "index.html" }
  }

  assert {
    condition     = azurerm_storage_account_static_website.this[0].error_404_document == "index.html"
    error_message = "Every path must show the page."
  }

  assert {
    condition     = output.website_host == "stpetclinicdata.z12.web.core.windows.net"
    error_message = "The host of the website must be handed on."
  }

  assert {
    condition     = length(azurerm_storage_management_policy.this) == 0
    error_message = "An account without containers needs no lifecycle."
  }

  assert {
    condition     = length(azurerm_management_lock.this) == 0
    error_message = "No lock when it is not wanted."
  }
}
