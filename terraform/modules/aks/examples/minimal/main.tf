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

module "aks" {
  source = "../.."

  name                      = "aks-petclinic"
  resource_group_name       = "rg-petclinic-standby"
  location                  = "koreacentral"
  tenant_id                 = "11111111-2222-4333-8444-555555555555"
  control_plane_identity_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-cluster"
  subnet_id                 = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-nodes"
  node_pool                 = { count = 3, min = 3, max = 6 }
  network                   = { virtual_network = "10.42.0.0/16" }

  kubelet_identity = {
    id           = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-kubelet"
    client_id    = "33333333-4444-4555-8666-777777777777"
    principal_id = "44444444-5555-4666-8777-888888888888"
  }
}
