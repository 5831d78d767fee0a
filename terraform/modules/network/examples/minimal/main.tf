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
}
