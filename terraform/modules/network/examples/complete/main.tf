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

module "network" {
  source = "../.."

  name                = "petclinic"
  resource_group_name = "rg-petclinic-pilot"
  location            = "koreacentral"
  address_space       = "10.42.0.0/16"
  domain_name_label   = "petclinic-standby"

  # Only the edge's own ranges may knock, a smaller space, a region without zones.
  zones                   = []
  gateway_source_prefixes = ["203.0.113.0/24", "198.51.100.0/24"]
  subnet_prefix_lengths   = { nodes = 23, gateway = 25 }
  tags                    = { workload = "petclinic" }
}
