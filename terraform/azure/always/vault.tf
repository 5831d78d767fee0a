locals {
  vault_firewall_enabled = length(var.vault_allowed_ip_ranges) > 0

  standby_domain_name = coalesce(var.standby_domain_name, module.network.public_domain_name)
}

resource "azurerm_key_vault" "this" {
  name                = local.names.vault
  resource_group_name = azurerm_resource_group.pilot.name
  location            = azurerm_resource_group.pilot.location
  tenant_id           = data.azurerm_client_config.current.tenant_id
  sku_name            = "standard"
  tags                = local.tags

  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  # Lets Azure read the origin secret itself when it deploys the gateway's firewall rule.
  enabled_for_template_deployment = true

  network_acls {
    default_action             = local.vault_firewall_enabled ? "Deny" : "Allow"
    bypass                     = "AzureServices"
    ip_rules                   = var.vault_allowed_ip_ranges
    virtual_network_subnet_ids = local.vault_firewall_enabled ? [module.network.subnet_ids["gateway"], module.network.subnet_ids["nodes"]] : []
  }
}

resource "azurerm_role_assignment" "vault_author" {
  for_each = toset(["Key Vault Certificates Officer", "Key Vault Secrets Officer"])

  scope                = azurerm_key_vault.this.id
  role_definition_name = each.value
  principal_id         = data.azurerm_client_config.current.object_id
}

# The slot: the gateway can be built on the placeholder, and serves whatever certificate is imported over it.
resource "azurerm_key_vault_certificate" "standby" {
  name         = "standby-tls"
  key_vault_id = azurerm_key_vault.this.id
  tags         = local.tags

  certificate_policy {
    issuer_parameters {
      name = var.certificate_issuer
    }

    key_properties {
      exportable = true
      key_type   = "RSA"
      key_size   = 2048
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "AutoRenew"
      }

      trigger {
        days_before_expiry = 30
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=${local.standby_domain_name}"
      validity_in_months = 12
      key_usage          = ["digitalSignature", "keyEncipherment"]
      extended_key_usage = ["1.3.6.1.5.5.7.3.1"]

      subject_alternative_names {
        dns_names = [local.standby_domain_name]
      }
    }
  }

  lifecycle {
    # An import brings its own policy; Terraform must not put the placeholder back over it.
    ignore_changes = [certificate_policy, certificate]
  }

  depends_on = [azurerm_role_assignment.vault_author]
}

resource "azurerm_key_vault_secret" "this" {
  for_each = local.secret_names

  name             = each.value
  key_vault_id     = azurerm_key_vault.this.id
  value_wo         = var.secrets[each.key]
  value_wo_version = var.secrets_version
  content_type     = "text/plain"
  tags             = local.tags

  depends_on = [azurerm_role_assignment.vault_author]
}
