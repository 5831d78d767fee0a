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

module "identity" {
  source = "../.."

  name                = "id-petclinic-controller"
  resource_group_name = "rg-petclinic-pilot"
  location            = "koreacentral"
}
