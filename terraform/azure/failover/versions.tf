terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.73.0"
    }
  }

  # The pipeline names account, container and key; the lock is the blob's lease.
  backend "azurerm" {}
}

provider "azurerm" {
  subscription_id = local.pilot.subscription_id

  # terraform/azure/always registered them; the pipeline's identity may not, and asking takes time.
  resource_provider_registrations = "none"
  storage_use_azuread             = true

  features {
    template_deployment {
      # The firewall policy was made by a template; without this a destroy would leave it behind.
      delete_nested_items_during_deletion = true
    }
  }
}
