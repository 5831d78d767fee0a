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


module "runner" {
  source = "../.."

  name                       = "job-petclinic-runner"
  environment_name           = "cae-petclinic"
  resource_group_name        = "rg-petclinic-pilot"
  location                   = "koreacentral"
  image                      = "ghcr.io/pilotlight/runner@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  tenant_id                  = "11111111-2222-4333-8444-555555555555"
  subscription_id            = "22222222-3333-4444-8555-666666666666"
  log_analytics_workspace_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic"

  identity = {
    id        = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-pipeline"
    client_id = "33333333-4444-4555-8666-777777777777"
  }

  registry_server = "petclinic.azurecr.io"
  timeout_seconds = 7200
  size            = { cpu = 4, memory = "8Gi" }
  tags            = { workload = "petclinic" }
}
