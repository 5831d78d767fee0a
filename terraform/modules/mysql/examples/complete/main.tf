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

variable "administrator_password" {
  description = "Password of the administrator, of at least 16 characters; never written to the state."
  type        = string
  ephemeral   = true
  sensitive   = true
}

module "mysql" {
  source = "../.."

  name                   = "mysql-petclinic-abc123"
  resource_group_name    = "rg-petclinic-standby"
  location               = "koreacentral"
  administrator_password = var.administrator_password
  delegated_subnet_id    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-database"
  private_dns_zone_id    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
  databases              = { petclinic = {} }

  # A pair in two zones, for a standby that is meant to stay.
  high_availability     = "ZoneRedundant"
  sku_name              = "GP_Standard_D4ds_v4"
  storage_gb            = 128
  backup_retention_days = 14
  server_parameters     = { max_connections = "500" }
  tags                  = { workload = "petclinic" }
}
