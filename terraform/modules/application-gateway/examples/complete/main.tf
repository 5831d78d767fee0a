terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.73.0"
    }
  }
}

provider "azurerm" {
  features {}
}

module "application_gateway" {
  source = "../.."

  name                  = "agw-petclinic"
  resource_group_name   = "rg-petclinic-standby"
  location              = "koreacentral"
  capacity              = { min = 2, max = 10 }
  subnet_id             = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-gateway"
  public_ip_id          = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
  identity_id           = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-gateway"
  certificate_secret_id = "https://kv-petclinic.vault.azure.net/secrets/standby-tls"

  backend = {
    ip_addresses = ["10.42.3.246"]
    health_path  = "/actuator/health/readiness"
    health_host  = "standby.example.com"
  }

  origin_secret_reference = {
    vault_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic"
    name     = "origin-secret"
  }

  # Azure's managed rules for those who bear the secret, and a stricter choice of ciphers.
  managed_rules_enabled = true
  origin_secret_serial  = 2
  ssl_policy_name       = "AppGwSslPolicy20220101S"
  health_probe          = { interval_seconds = 10, timeout_seconds = 8 }
  tags                  = { workload = "petclinic" }
}
