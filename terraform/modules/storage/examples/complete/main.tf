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

module "storage" {
  source = "../.."

  name                = "stpetclinicdata"
  resource_group_name = "rg-petclinic-pilot"
  location            = "koreacentral"
  containers          = { backups = { delete_after_days = 30 }, tfstate = {} }

  # Backups that nobody can change for a week, reachable from one range and one subnet.
  replication_type       = "GZRS"
  version_retention_days = 60
  allowed_ip_ranges      = ["203.0.113.0/24"]
  allowed_subnet_ids     = ["/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-nodes"]
  tags                   = { workload = "petclinic" }
}
